/** Something that happens at a time. */
export interface Task {
  /** ms since the epoch. */
  readonly at: number;
  /** Decides between two tasks that are due together. */
  readonly tie: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** A binary heap of tasks, the earliest first. */
export class TaskHeap {
  readonly #tasks: Task[] = [];

  push(task: Task): void {
    const tasks = this.#tasks;
    let n = tasks.push(task) - 1;
    while (n > 0) {
      const parent = (n - 1) >> 1;
      if (!isBefore(task, tasks[parent] as Task)) break;
      tasks[n] = tasks[parent] as Task;
      n = parent;
    }
    tasks[n] = task;
  }

  /** Takes the earliest task that was not cancelled. */
  pop(): Task | undefined {
    for (;;) {
      const top = this.#tasks[0];
      const last = this.#tasks.pop();
      if (top === undefined || last === undefined) return undefined;
      if (this.#tasks.length > 0) this.#sink(last);
      if (!top.cancelled) return top;
    }
  }

  /** Puts `task` at the top and lets it down to its place. */
  #sink(task: Task): void {
    const tasks = this.#tasks;
    let n = 0;
    for (;;) {
      let child = 2 * n + 1;
      if (child >= tasks.length) break;
      if (child + 1 < tasks.length && isBefore(tasks[child + 1] as Task, tasks[child] as Task)) child += 1;
      if (!isBefore(tasks[child] as Task, task)) break;
      tasks[n] = tasks[child] as Task;
      n = child;
    }
    tasks[n] = task;
  }
}

function isBefore(a: Task, b: Task): boolean {
  return a.at < b.at || (a.at === b.at && a.tie < b.tie);
}

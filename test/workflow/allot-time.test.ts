import { describe, expect, it } from "vitest";
import { inOrder } from "../../lib/workflows/sweep/allot-time.ts";
import type { SweepTask } from "../../lib/workflows/sweep/sweep-task.ts";
import { keyArn, t0 } from "../doubles/key-world.ts";

const tasks = Array.from({ length: 300 }, (_, n): SweepTask => {
  return { do: "look", keyArn: keyArn(String(n).padStart(16, "0")), listed: true, mayWait: false };
});

/** The places in the plan of the tasks that one sweep hands out, each of which takes 1 of 160 ms. */
function placesOf(seed: number): readonly number[] {
  let left = 160;
  const places: number[] = [];
  for (const task of inOrder(tasks, { timeLeft: () => left, seed })) {
    if (left <= 0) break;
    left -= 1;
    places.push(tasks.indexOf(task));
  }
  return places;
}

describe("the time of a sweep", () => {
  it("goes to tasks in their order for three quarters, and to each of the others at most once", () => {
    const places = placesOf(t0);
    expect(places.slice(0, 120)).toEqual(Array.from({ length: 120 }, (_, n) => n));
    expect(new Set(places).size).toBe(160);
  });

  it("comes to every task in some sweep, although the first ones fail in all of them", () => {
    const reached = new Set<number>();
    for (let n = 0; n < 80; n++) for (const place of placesOf(t0 + n * 300_000)) reached.add(place);
    expect(reached.size).toBe(tasks.length);
  });
});

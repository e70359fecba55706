import type { ModalView } from "./modal-limits.ts";

export interface OpenModal {
  readonly id: string;
  readonly user: string;
  readonly view: ModalView;
  /** Where the button was from which it came. */
  readonly channel: string;
  /** Changes with the view. */
  readonly hash: string;
  /** What the app says is wrong with an answer, by block. */
  readonly errors: Readonly<Record<string, string>>;
}

/** The dialogs that people have before them, oldest first. */
export class OpenModals {
  readonly #changed: () => void;
  readonly #modals = new Map<string, OpenModal>();
  #opened = 0;
  #views = 0;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get all(): readonly OpenModal[] {
    return [...this.#modals.values()];
  }

  find(id: string): OpenModal | undefined {
    return this.#modals.get(id);
  }

  open(user: string, channel: string, view: ModalView): OpenModal {
    this.#opened += 1;
    return this.#put({ id: `V0LOCAL${this.#opened}`, user, channel, view, hash: this.#nextHash(), errors: {} });
  }

  /** Nothing happens to a modal that was closed meanwhile. */
  replace(id: string, view: ModalView): void {
    const modal = this.#modals.get(id);
    if (modal) this.#put({ ...modal, view, hash: this.#nextHash(), errors: {} });
  }

  printError(id: string, errors: Readonly<Record<string, string>>): void {
    const modal = this.#modals.get(id);
    if (modal) this.#put({ ...modal, errors });
  }

  close(id: string): void {
    if (this.#modals.delete(id)) this.#changed();
  }

  #put(modal: OpenModal): OpenModal {
    this.#modals.set(modal.id, modal);
    this.#changed();
    return modal;
  }

  #nextHash(): string {
    this.#views += 1;
    return `local.${this.#views}`;
  }
}

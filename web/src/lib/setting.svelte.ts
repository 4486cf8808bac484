import { asTrouble, type Trouble } from './api';
import { draftOf, dropDraft, keepDraft } from './drafts';

interface Door<T> {
  /** Under which this browser keeps what is not saved. */
  name: string;
  read: () => Promise<{ held: T; tag: string }>;
  /** Saves `value` in the place of what has the tag. */
  write: (value: T, saved: T, tag: string) => Promise<T>;
}

/** A setting as it is being changed: what stands there, what was typed, and whether somebody else was faster. Made where a component is made. */
export class Setting<T> {
  saved = $state.raw<T>();
  value = $state<T>();
  /** Somebody else saved while this was typed: a person says which one leads. */
  behind = $state(false);
  trouble = $state.raw<Trouble>();
  dirty = $derived(this.value !== undefined && JSON.stringify(this.value) !== JSON.stringify(this.saved));
  #tag = '';

  constructor(readonly door: Door<T>) {
    $effect(() => {
      const [value, dirty] = [$state.snapshot(this.value), this.dirty];
      if (dirty) keepDraft(door.name, value, this.#tag);
      else if (this.saved !== undefined) dropDraft(door.name);
    });
    void this.#begin();
  }

  /** Both as they stand: what is saved, and what was typed here. */
  get both(): [unknown, unknown] {
    return [this.saved, $state.snapshot(this.value)];
  }

  /** Saves; whether it is saved now. */
  async save(): Promise<boolean> {
    const { saved } = this;
    if (saved === undefined || this.value === undefined) return false;
    this.trouble = undefined;
    try {
      await this.door.write($state.snapshot(this.value) as T, saved, this.#tag);
      await this.takeSaved();
      return true;
    } catch (thrown) {
      const trouble = asTrouble(thrown);
      if (trouble.problem.status === 412) await this.#meet();
      else this.trouble = trouble;
      return false;
    }
  }

  /** Lets go of what was typed here. */
  async takeSaved(): Promise<void> {
    await this.#read();
    this.value = structuredClone(this.saved);
    this.behind = false;
  }

  async #begin(): Promise<void> {
    try {
      const draft = draftOf<T>(this.door.name);
      await this.#read();
      this.value = draft ? draft.value : structuredClone(this.saved);
      this.behind = draft !== undefined && this.dirty && draft.base !== this.#tag;
    } catch (thrown) {
      this.trouble = asTrouble(thrown);
    }
  }

  async #meet(): Promise<void> {
    try {
      await this.#read();
      this.behind = this.dirty;
    } catch (thrown) {
      this.trouble = asTrouble(thrown);
    }
  }

  async #read(): Promise<void> {
    const { held, tag } = await this.door.read();
    this.saved = held;
    this.#tag = tag;
  }
}

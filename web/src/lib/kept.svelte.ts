import { draftOf, dropDraft, keepDraft } from './drafts';

/** What is typed into a form: kept by this browser until it is sent or given up. Made where a component is made. */
export class Kept<T> {
  value = $state() as T;
  /** Whether it was typed earlier, and not sent. */
  restored = $state(false);
  readonly #start: string;

  constructor(
    readonly name: string,
    start: T,
  ) {
    this.#start = JSON.stringify(start);
    const draft = draftOf<T>(name);
    this.value = draft ? draft.value : start;
    this.restored = draft !== undefined;
    $effect(() => {
      const now = $state.snapshot(this.value) as T;
      if (JSON.stringify(now) === this.#start) dropDraft(name);
      else keepDraft(name, now, '');
    });
  }

  /** It is sent, or nobody wants it any more. */
  drop(): void {
    dropDraft(this.name);
  }

  /** Back to how it began. */
  discard(): void {
    this.value = JSON.parse(this.#start) as T;
    this.restored = false;
  }
}

interface Delta {
  step_index: number;
  attempt: number;
  slot: string;
  offset: number;
  text: string;
}

/** Scalar values in a text; offsets count these. */
function scalars(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xdc00 || unit > 0xdfff) count++;
  }
  return count;
}

/**
 * Prose as it is written. Deltas are gathered and shown once a frame, and only the last paragraph changes, so that a fast model costs
 * no more than a slow one.
 */
export class LiveProse {
  paragraphs = $state<string[]>([]);
  /** Which attempt at which step writes; empty while nobody does. */
  by = $state('');
  #length = 0;
  #pending = '';
  #frame = 0;

  /** Takes a delta; false where something before it is missing. */
  take(delta: Delta): boolean {
    const by = `${delta.step_index}.${delta.attempt}.${delta.slot}`;
    if (by !== this.by || delta.offset === 0) {
      if (delta.offset !== 0) return false;
      this.clear();
      this.by = by;
    } else if (delta.offset > this.#length) {
      return false;
    } else if (delta.offset < this.#length) {
      return true;
    }
    this.#length += scalars(delta.text);
    this.#pending += delta.text;
    this.#frame ||= requestAnimationFrame(() => this.#show());
    return true;
  }

  clear(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#pending = '';
    this.#length = 0;
    this.paragraphs = [];
    this.by = '';
  }

  #show(): void {
    this.#frame = 0;
    const last = this.paragraphs.length - 1;
    const [head = '', ...rest] = ((this.paragraphs[last] ?? '') + this.#pending).split('\n\n');
    this.#pending = '';
    this.paragraphs[Math.max(last, 0)] = head;
    if (rest.length > 0) this.paragraphs.push(...rest);
  }
}

/** What was typed and not saved yet, kept by this browser so that no crash and no closed lid loses it. */
export interface Draft<T> {
  value: T;
  /** What it was written against. */
  base: string;
  at: number;
}

const key = (name: string) => `fabulist.draft.${name}`;

export function draftOf<T>(name: string): Draft<T> | undefined {
  try {
    return JSON.parse(localStorage.getItem(key(name)) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

export function keepDraft<T>(name: string, value: T, base: string): void {
  try {
    localStorage.setItem(key(name), JSON.stringify({ value, base, at: Date.now() } satisfies Draft<T>));
  } catch {
    // A full or forbidden storage must not stop the writing.
  }
}

export function dropDraft(name: string): void {
  localStorage.removeItem(key(name));
}

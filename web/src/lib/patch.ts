/** A change of one value in a state, for people. */
export interface Change {
  pointer: string;
  /** Absent: it is taken away. */
  value?: string;
}

/** A merge patch (RFC 7396) as single changes, in order. */
export function changes(patch: unknown, path: string[] = []): Change[] {
  if (patch === null) return [{ pointer: path.join(' › ') }];
  if (typeof patch === 'object' && !Array.isArray(patch)) {
    return Object.entries(patch as object).flatMap(([key, value]) => changes(value, [...path, key]));
  }
  return [{ pointer: path.join(' › '), value: typeof patch === 'string' ? patch : JSON.stringify(patch) }];
}

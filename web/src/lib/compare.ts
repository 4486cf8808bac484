/** One value that differs between two documents. */
export interface Difference {
  path: string;
  before?: string;
  after?: string;
}

const shown = (value: unknown): string | undefined => (value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value));
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** What differs between two documents, value by value, in the order of their keys. */
export function differences(before: unknown, after: unknown, path: string[] = []): Difference[] {
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => differences(before[key], after[key], [...path, key]));
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [{ path: path.join(' › '), before: shown(before), after: shown(after) }];
}

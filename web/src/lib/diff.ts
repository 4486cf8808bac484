import type { Schema } from './api';

type Change = Schema['Change'];

/** Changes of a text, cut into its paragraphs. */
export function paragraphsOf(changes: Change[]): Change[][] {
  const out: Change[][] = [[]];
  for (const { op, text } of changes) {
    const [first = '', ...rest] = text.split('\n\n');
    if (first) out.at(-1)?.push({ op, text: first });
    for (const part of rest) out.push(part ? [{ op, text: part }] : []);
  }
  return out.filter((paragraph) => paragraph.length > 0);
}

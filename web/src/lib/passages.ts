/** A stretch of a text, as JavaScript counts: in UTF-16 units, end exclusive. The server counts scalar values. */
export interface Passage {
  start: number;
  end: number;
}

/** A stretch that is shown as locked. */
export interface Mark extends Passage {
  title: string;
}

/** A paragraph and where it begins. */
export interface Paragraph {
  text: string;
  at: number;
}

/** The paragraphs of a text, in order. */
export function paragraphs(text: string): Paragraph[] {
  let at = 0;
  return text.split('\n\n').map((paragraph) => {
    const begins = at;
    at += paragraph.length + 2;
    return { text: paragraph, at: begins };
  });
}

/** A paragraph cut where marks begin and end; marks do not overlap, or the first one counts. */
export function pieces({ text, at }: Paragraph, marks: Mark[]): { text: string; mark?: Mark }[] {
  const out: { text: string; mark?: Mark }[] = [];
  let done = 0;
  for (const mark of [...marks].sort((a, b) => a.start - b.start)) {
    const [start, end] = [Math.max(mark.start - at, done), Math.min(mark.end - at, text.length)];
    if (start >= end) continue;
    if (start > done) out.push({ text: text.slice(done, start) });
    out.push({ text: text.slice(start, end), mark });
    done = end;
  }
  if (done < text.length || out.length === 0) out.push({ text: text.slice(done) });
  return out;
}

/** Scalar values before a place in a text. */
const scalarsBefore = (text: string, at: number): number => [...text.slice(0, at)].length;

/** A passage as the server counts it. */
export const toServer = (text: string, { start, end }: Passage): Passage => ({ start: scalarsBefore(text, start), end: scalarsBefore(text, end) });

/** A passage of the server, as JavaScript counts it. */
export function fromServer(text: string, { start, end }: Passage): Passage {
  const scalars = [...text];
  const units = (count: number) => scalars.slice(0, count).join('').length;
  return { start: units(start), end: units(end) };
}

/** Without the white space at its ends; nothing where nothing is left. */
export function trimmed(text: string, { start, end }: Passage): Passage | undefined {
  while (start < end && /\s/.test(text[start] ?? '')) start++;
  while (end > start && /\s/.test(text[end - 1] ?? '')) end--;
  return start < end ? { start, end } : undefined;
}

/** Where a point of the page lies in the text that `root` shows: its blocks say in `data-at` where they begin. */
function placeOf(root: HTMLElement, text: string, node: Node, offset: number): number | undefined {
  if (node === root) return Number((root.children[offset] as HTMLElement | undefined)?.dataset.at ?? text.length);
  const element = node instanceof Element ? node : node.parentElement;
  const block = element?.closest<HTMLElement>('[data-at]');
  if (!block || !root.contains(block)) return undefined;
  const range = document.createRange();
  range.setStart(block, 0);
  range.setEnd(node, offset);
  return Number(block.dataset.at) + range.toString().length;
}

/** What is selected of the text that `root` shows, and where on the screen. */
export function selected(root: HTMLElement, text: string): { passage: Passage; box: DOMRect } | undefined {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return undefined;
  const range = selection.getRangeAt(0);
  const start = placeOf(root, text, range.startContainer, range.startOffset);
  const end = placeOf(root, text, range.endContainer, range.endOffset);
  const passage = start === undefined || end === undefined ? undefined : trimmed(text, { start, end });
  return passage && { passage, box: range.getBoundingClientRect() };
}

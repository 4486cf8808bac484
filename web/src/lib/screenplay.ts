export type LineKind = 'heading' | 'action' | 'speaker' | 'aside' | 'speech' | 'transition' | 'line';
export interface Line {
  kind: LineKind;
  text: string;
  /** Where it begins in the script. */
  at: number;
}

const HEADING = /^(\.(?!\.)|INT\b|EXT\b|EST\b|I\/E\b|INT\.?\/EXT\b)/i;
/** A name in capitals, alone on its line, perhaps with (O.S.) behind it. */
const SPEAKER = /^@|^(?=[^a-z]*\p{Lu})[^a-z.!?:]+(\s*\([^)]*\))?\s*\^?$/u;
/** `第1集`, `1-2 日 内 客厅`: how a 短剧 numbers itself. */
const NUMBERED = /^(第.+集|\d+[-.]\d+\b)/;

/** A line of the script as it stands there. */
interface Source {
  text: string;
  at: number;
}

/** A line without the sign at its beginning that says what it is. */
function bare({ text, at }: Source, sign: RegExp): Source {
  const length = sign.exec(text)?.[0].length ?? 0;
  return { text: text.slice(length), at: at + length };
}

/** Lays out one block of lines that belong together. */
function block(lines: Source[]): Line[] {
  const [first, ...rest] = lines;
  if (!first) return [];
  const as = (kind: LineKind, line: Source): Line => ({ kind, ...line });
  if (HEADING.test(first.text) || NUMBERED.test(first.text)) return [as('heading', bare(first, /^\./)), ...rest.map((line) => as('line', line))];
  if (/^>|^[A-Z ]+ TO:$/.test(first.text)) return [as('transition', bare(first, /^>\s*/)), ...rest.map((line) => as('line', line))];
  if (rest.length && SPEAKER.test(first.text)) {
    const spoken = rest.map((line) => as(/^\(.*\)$/.test(line.text) ? 'aside' : 'speech', line));
    return [as('speaker', bare(first, /^@/)), ...spoken];
  }
  return lines.map((line, i) => as(i + 1 < lines.length || /[\u3400-\u9fff]/.test(first.text) ? 'line' : 'action', line));
}

/** A script's text, line by line, as its page has it: Fountain, and the numbered form of short dramas. */
export function layout(text: string): Line[] {
  const out: Line[] = [];
  let lines: Source[] = [];
  let at = 0;
  for (const line of text.split('\n')) {
    if (line.trim() !== '') lines.push({ text: line, at });
    else lines = (out.push(...block(lines)), []);
    at += line.length + 1;
  }
  out.push(...block(lines));
  return out;
}

export type LineKind = 'heading' | 'action' | 'speaker' | 'aside' | 'speech' | 'transition' | 'line';
export interface Line {
  kind: LineKind;
  text: string;
}

const HEADING = /^(\.(?!\.)|INT\b|EXT\b|EST\b|I\/E\b|INT\.?\/EXT\b)/i;
/** A name in capitals, alone on its line, perhaps with (O.S.) behind it. */
const SPEAKER = /^@|^(?=[^a-z]*\p{Lu})[^a-z.!?:]+(\s*\([^)]*\))?\s*\^?$/u;
/** `第1集`, `1-2 日 内 客厅`: how a 短剧 numbers itself. */
const NUMBERED = /^(第.+集|\d+[-.]\d+\b)/;

/** Lays out one block of lines that belong together. */
function block(lines: string[]): Line[] {
  const [first = '', ...rest] = lines;
  if (HEADING.test(first) || NUMBERED.test(first)) {
    const heading: Line = { kind: 'heading', text: first.replace(/^\./, '') };
    return rest.length ? [heading, ...rest.map((text): Line => ({ kind: 'line', text }))] : [heading];
  }
  if (/^>|^[A-Z ]+ TO:$/.test(first)) return [{ kind: 'transition', text: first.replace(/^>\s*/, '') }];
  if (rest.length && SPEAKER.test(first)) {
    const spoken = rest.map((text): Line => ({ kind: /^\(.*\)$/.test(text) ? 'aside' : 'speech', text }));
    return [{ kind: 'speaker', text: first.replace(/^@/, '') }, ...spoken];
  }
  return lines.length > 1 && /[\u3400-\u9fff]/.test(first) ? lines.map((text) => ({ kind: 'line', text })) : [{ kind: 'action', text: lines.join('\n') }];
}

/** A script's text, line by line, as its page has it: Fountain, and the numbered form of short dramas. */
export function layout(text: string): Line[] {
  return text.split(/\n{2,}/).flatMap((lines) => block(lines.split('\n').filter((line) => line.trim() !== '')));
}

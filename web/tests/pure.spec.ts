import { expect, test } from '@playwright/test';
import { fromServer, paragraphs, pieces, toServer, trimmed } from '../src/lib/passages';
import { layout } from '../src/lib/screenplay';
import { tree } from '../src/lib/tree';

test('a passage is counted in scalar values for the server, and in units for the page', () => {
  const text = 'Der Drache 🐉 schlief.\n\n他说：“𠮷野家。”';
  for (const words of ['Drache', '🐉', 'schlief', '𠮷野家', '他说：“𠮷野家。”']) {
    const start = text.indexOf(words);
    const passage = { start, end: start + words.length };
    const told = toServer(text, passage);
    expect([...text].slice(told.start, told.end).join('')).toBe(words);
    expect(fromServer(text, told)).toEqual(passage);
  }
});

test('paragraphs know where they begin, and are cut where a lock begins and ends', () => {
  const text = 'One two three.\n\nFour five.\n\nSix.';
  for (const { text: words, at } of paragraphs(text)) expect(text.slice(at, at + words.length)).toBe(words);
  const lock = { start: text.indexOf('three'), end: text.indexOf(' five'), title: 'why' };
  const cut = paragraphs(text).map((paragraph) => pieces(paragraph, [lock]).map((piece) => (piece.mark ? `[${piece.text}]` : piece.text)));
  expect(cut).toEqual([['One two ', '[three.]'], ['[Four]', ' five.'], ['Six.']]);
  // Where two meet, no word is shown twice.
  const both = [{ start: 0, end: 7, title: 'a' }, { start: 4, end: 13, title: 'b' }];
  expect(pieces({ text: 'One two three.', at: 0 }, both).map((piece) => piece.text).join('')).toBe('One two three.');
});

test('white space at the ends is no part of a passage', () => {
  const text = ' The lamp. \n\n';
  expect(trimmed(text, { start: 0, end: text.length })).toEqual({ start: 1, end: 10 });
  expect(trimmed(text, { start: 10, end: text.length })).toBeUndefined();
});

const SCRIPTS = [
  'INT. TOWER - NIGHT\n\nNora climbs.\nThe wind climbs with her.\n\nNORA\n(low)\nWho lit it?\n\nCUT TO:\n\n.THE STAIRS\n\n@McAllister\nNobody.\n\n> FADE OUT.',
  '第1集\n\n1-1 夜 内 灯塔\n人物：林晚舟\n△ 她走上楼梯。\n林晚舟：谁点的灯？',
];
for (const script of SCRIPTS) {
  test(`every line of a script on its page stands where it stands in the text: ${script.slice(0, 12).trim()}`, () => {
    const lines = layout(script);
    for (const { text, at } of lines) expect(script.slice(at, at + text.length)).toBe(text);
    const written = script.split('\n').filter((line) => line.trim()).map((line) => line.replace(/^(\.|@|>\s*)/, ''));
    expect(lines.map((line) => line.text)).toEqual(written);
  });
}

test('speakers, asides and speech are told apart from what is seen', () => {
  expect(layout(SCRIPTS[0] ?? '').map((line) => line.kind)).toEqual(['heading', 'line', 'action', 'speaker', 'aside', 'speech', 'transition', 'heading', 'speaker', 'speech', 'transition']);
});

test('a family of runs is a tree: what left first comes first, and an orphan is a root', () => {
  const run = (id: string, created_at: string, from?: string) => ({ id, created_at, forked_from: from ? { workflow_run_id: from, step_index: 3 } : null }) as any;
  const family = [run('late', '4', 'root'), run('orphan', '5', 'gone'), run('root', '1'), run('grandchild', '3', 'early'), run('early', '2', 'root')];
  expect(tree(family).map(({ run, depth, parent }) => [run.id, depth, parent])).toEqual([
    ['root', 0, undefined], ['early', 1, 0], ['grandchild', 2, 1], ['late', 1, 0], ['orphan', 0, undefined],
  ]);
});

import { say } from './language.svelte';

/** A step's name in the reader's words: `novel.chapter.draft` is “Write”. */
export function stepName(name: string): string {
  const words = say().stepName as Record<string, string>;
  const parts = name.split('.');
  return words[parts.slice(-2).join('.')] ?? words[parts.at(-1) ?? ''] ?? name;
}

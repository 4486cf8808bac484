import type { Trouble } from './api';
import { say } from './language.svelte';

/** Trouble in the reader's words: ours where we know the problem, else the server's own. */
export function told(trouble: Trouble): { text: string; hint: string } {
  const own = say().problems[trouble.kind.replace('/problems/', '') as keyof ReturnType<typeof say>['problems']];
  return own ?? { text: trouble.problem.detail || trouble.problem.title, hint: trouble.problem.hint };
}

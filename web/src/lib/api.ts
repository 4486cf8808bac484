import createClient from 'openapi-fetch';
import type { components, paths } from './api.types';
import { once } from './once';

export type Schema = components['schemas'];
export type Run = Schema['Run'];
export type Step = Schema['Step'];
export type Artifact = Schema['Artifact'];
export type Version = Schema['Version'];
export type Brief = Schema['Brief'];
export type Snapshot = Schema['BriefSnapshot'];
export type Problem = Schema['Problem'];
export type Length = Schema['Length'];

/** The server that this page came from. */
export const api = createClient<paths>({ fetch: once });

/** What the server, or the way to it, has against a request. */
export class Trouble extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }

  get kind(): string {
    return this.problem.type;
  }
}

/** A server that cannot be reached, as a problem like any other. */
function unreachable(): Trouble {
  const title = 'unreachable';
  return new Trouble({ type: '/problems/unreachable', title, status: 0, detail: '', hint: '', instance: location.pathname });
}

type Answer<T> = Promise<{ data?: T; error?: unknown; response: Response }>;

/** What an answer holds; throws [`Trouble`] where it is none. */
export async function held<T>(asked: Answer<T>): Promise<T> {
  return (await tagged(asked)).held;
}

/** What an answer holds, and its tag: whoever changes it says the tag, and is refused where somebody else was faster. */
export async function tagged<T>(asked: Answer<T>): Promise<{ held: T; tag: string }> {
  let answer;
  try {
    answer = await asked;
  } catch {
    throw unreachable();
  }
  if (answer.response.ok) return { held: answer.data as T, tag: answer.response.headers.get('etag') ?? '*' };
  const problem = answer.error as Partial<Problem> | undefined;
  // A proxy that answers for a server which is away knows nothing of problems.
  throw problem && typeof problem === 'object' && problem.type ? new Trouble(problem as Problem) : unreachable();
}

/** Anything thrown, as trouble that can be shown. */
export function asTrouble(thrown: unknown): Trouble {
  if (thrown instanceof Trouble) return thrown;
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new Trouble({ type: '/problems/studio', title: detail, status: 0, detail, hint: '', instance: location.pathname });
}

/** Every item of a list, page after page. */
export async function everything<T>(page: (cursor?: string) => Promise<{ items: T[]; next_cursor: string | null }>): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: string | undefined; ; ) {
    const some = await page(cursor);
    items.push(...some.items);
    if (!some.next_cursor) return items;
    cursor = some.next_cursor;
  }
}

import { api, asTrouble, held, type Run, type Trouble } from './api';
import type { RunFeed } from './run-feed.svelte';

type Until = { chapter?: number; step?: string; count?: number };
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** What a person does to a run, by buttons and keys. Whatever fails is said beside them. */
export class Driver {
  /** What was asked for and is not answered yet. */
  busy = $state('');
  trouble = $state.raw<Trouble>();
  /** The page repeats `next` as long as it is open. */
  driving = $state(false);

  constructor(readonly feed: RunFeed) {}

  get #params() {
    return { path: { id: this.feed.id } };
  }

  /** One step; of a draft so many, to choose from. */
  next = (candidates?: number) => this.#do('next', async () => (await this.#next(candidates)) ?? this.feed.run);
  start = (until?: Until) => this.#do('start', () => held(api.POST('/api/v1/workflow-runs/{id}/autorun/start', { params: this.#params, body: { until } })));
  resume = (accept = false) => this.#do('resume', () => held(api.POST('/api/v1/workflow-runs/{id}/resume', { params: this.#params, body: { accept } })));
  cancel = () => this.#do('cancel', () => held(api.POST('/api/v1/workflow-runs/{id}/cancel', { params: this.#params, body: {} })));

  pause(now = false): Promise<void> {
    this.driving = false;
    return this.#do('pause', () => held(api.POST('/api/v1/workflow-runs/{id}/pause', { params: this.#params, body: { now } })));
  }

  async fork(at_step?: number): Promise<Run | undefined> {
    let forked: Run | undefined;
    await this.#do('fork', async () => {
      forked = await held(api.POST('/api/v1/workflow-runs/{id}/fork', { params: this.#params, body: { at_step } }));
      return undefined;
    });
    return forked;
  }

  /** One step after the other from this page, until it is told to stop, or something needs a person. */
  async drive(): Promise<void> {
    if (this.driving) return;
    this.driving = true;
    this.trouble = undefined;
    try {
      while (this.driving) {
        const run = await this.#nextPatiently();
        if (run?.status !== 'running' || run.error) break;
      }
    } catch (thrown) {
      this.trouble = asTrouble(thrown);
    } finally {
      this.driving = false;
    }
  }

  async #nextPatiently(): Promise<Run | undefined> {
    try {
      return await this.#next();
    } catch (thrown) {
      const { kind } = asTrouble(thrown);
      // Another tab is at it, or the server is being started again.
      if (!['/problems/step-in-progress', '/problems/unreachable', '/problems/shutting-down'].includes(kind)) throw thrown;
      await sleep(1_000);
      return this.feed.run?.status === 'queued' ? { ...this.feed.run, status: 'running' } : this.feed.run;
    }
  }

  async #next(candidates?: number): Promise<Run | undefined> {
    const answer = await held(api.POST('/api/v1/workflow-runs/{id}/next', { params: this.#params, body: { candidates } }));
    const run = 'run' in answer ? (answer.run as Run) : (answer as Run);
    this.feed.take(run);
    return run;
  }

  async #do(what: string, act: () => Promise<Run | undefined>): Promise<void> {
    if (this.busy === what) return;
    this.busy = what;
    this.trouble = undefined;
    try {
      const run = await act();
      if (run) this.feed.take(run);
    } catch (thrown) {
      this.trouble = asTrouble(thrown);
    } finally {
      this.busy = '';
    }
  }
}

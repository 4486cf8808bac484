import { api, held, type Run, type Schema } from './api';
import type { RunFeed } from './run-feed.svelte';

/** A run at full speed keeps several chapters a second; what is still to come is asked for less often. */
const PAUSE = 4_000;

const ended = (run: Run): boolean => run.status === 'succeeded' || run.status === 'canceled';

/** What is still to come of a run: asked for anew when a chapter is kept. Made where a component is made. */
export class Outlook {
  forecast = $state.raw<Schema['Forecast']>();
  #timer?: ReturnType<typeof setTimeout>;

  constructor(feed: RunFeed) {
    $effect(() => {
      const { run } = feed;
      if (!run || ended(run)) return void (this.forecast = undefined);
      void [run.progress.done, run.progress.total, run.model, run.status];
      this.#timer ??= setTimeout(() => void this.#read(feed), this.forecast ? PAUSE : 0);
    });
    $effect(() => () => clearTimeout(this.#timer));
  }

  async #read(feed: RunFeed): Promise<void> {
    try {
      const forecast = await held(api.GET('/api/v1/workflow-runs/{id}/forecast', { params: { path: { id: feed.id } } }));
      // It may have come to its end meanwhile.
      this.forecast = feed.run && ended(feed.run) ? undefined : forecast;
    } catch {
      // Nobody misses a forecast; the next chapter asks again.
    } finally {
      this.#timer = undefined;
    }
  }
}

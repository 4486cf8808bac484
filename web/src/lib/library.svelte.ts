import { api, asTrouble, everything, held, type Brief, type Run, type Trouble } from './api';
import { EventStream, type Connection } from './event-stream';

/** Every brief and every run, kept up to date by events. */
export class Library {
  briefs = $state.raw<Brief[]>([]);
  runs = $state.raw<Run[]>([]);
  ready = $state(false);
  trouble = $state.raw<Trouble>();
  connection = $state<Connection>('connecting');
  #changed = new Map<string, Run>();
  #frame = 0;
  readonly #stream = new EventStream(
    {},
    {
      fresh: () => this.read(),
      hear: ({ event, data }) => {
        if (event === 'run.created' || event === 'run.updated') this.#later(data.run);
        else if (event === 'run.deleted') this.runs = this.runs.filter((run) => run.id !== data.run_id);
      },
      stands: (connection) => (this.connection = connection),
    },
  );

  close(): void {
    cancelAnimationFrame(this.#frame);
    this.#stream.close();
  }

  async read(): Promise<void> {
    try {
      const page = { limit: 200 };
      [this.briefs, this.runs] = await Promise.all([
        everything((cursor) => held(api.GET('/api/v1/briefs', { params: { query: { ...page, cursor } } }))),
        everything((cursor) => held(api.GET('/api/v1/workflow-runs', { params: { query: { ...page, cursor } } }))),
      ]);
      this.trouble = undefined;
      this.ready = true;
    } catch (thrown) {
      this.trouble = asTrouble(thrown);
      throw thrown;
    }
  }

  /** Many runs at full speed change many times in a frame; the list is made once. */
  #later(run: Run): void {
    this.#changed.set(run.id, run);
    this.#frame ||= requestAnimationFrame(() => this.#show());
  }

  #show(): void {
    this.#frame = 0;
    const known = new Set(this.runs.map((run) => run.id));
    const fresh = [...this.#changed.values()].filter((run) => !known.has(run.id));
    this.runs = [...fresh, ...this.runs.map((run) => this.#changed.get(run.id) ?? run)];
    this.#changed.clear();
    // Another page may have begun a book.
    if (fresh.some((run) => !this.briefs.some((brief) => brief.id === run.brief_id))) void this.read().catch(() => undefined);
  }
}

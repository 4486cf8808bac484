import { api, asTrouble, everything, held, type Artifact, type Run, type Step, type Trouble } from './api';
import { EventStream, type Connection, type Piece } from './event-stream';
import { LiveProse } from './prose.svelte';

/** Steps of one page; older ones are fetched when somebody looks at them. */
const PAGE = 100;
/** A run at full speed changes its state many times a second; nobody reads so fast. */
const STATE_PAUSE = 1_000;

/** Whether a step changes what is planned: that is wanted at once. */
const plans = (step: Step): boolean => step.kind !== 'step' || /(outline|plan|scene_list)$/.test(step.name);

/** One run as it is now: read once, then kept up to date by events. */
export class RunFeed {
  run = $state.raw<Run>();
  state = $state.raw<Record<string, any>>({});
  /** The newest first; the older ones may not be here yet. */
  steps = $state.raw<Step[]>([]);
  artifacts = $state.raw<Artifact[]>([]);
  connection = $state<Connection>('connecting');
  trouble = $state.raw<Trouble>();
  gone = $state(false);
  /** What a step that works on several things says about itself. */
  progress = $state.raw<{ message: string; done?: number; total?: number }>();
  readonly prose = new LiveProse();

  #older = $state.raw<string | null>(null);
  #stream: EventStream;
  #stateTimer?: ReturnType<typeof setTimeout>;

  constructor(readonly id: string) {
    this.#stream = this.#follow();
  }

  close(): void {
    clearTimeout(this.#stateTimer);
    this.#stream.close();
  }

  get hasOlderSteps(): boolean {
    return this.#older !== null;
  }

  /** Takes a run that a request answered with, unless an event was faster. */
  take(run: Run): void {
    if (this.run && this.run.updated_at > run.updated_at) return;
    if (run.state) this.state = run.state;
    this.run = run;
  }

  async readOlderSteps(): Promise<void> {
    const cursor = this.#older;
    if (cursor === null) return;
    this.#older = null;
    const page = await this.#stepsPage(cursor);
    this.steps = [...this.steps, ...page.items];
    this.#older = page.next_cursor;
  }

  #follow(): EventStream {
    return new EventStream(
      { runs: this.id, deltas: this.id },
      {
        fresh: () => this.#readAll(),
        hear: (piece) => this.#hear(piece),
        stands: (connection) => (this.connection = connection),
      },
    );
  }

  async #readAll(): Promise<void> {
    try {
      const [run, steps, artifacts] = await Promise.all([
        held(api.GET('/api/v1/workflow-runs/{id}', { params: { path: { id: this.id }, query: { include: 'state' } } })),
        this.#stepsPage(),
        everything((cursor) => held(api.GET('/api/v1/artifacts', { params: { query: { workflow_run_id: this.id, limit: 200, cursor } } }))),
      ]);
      this.state = run.state ?? {};
      this.run = run;
      this.steps = steps.items;
      this.#older = steps.next_cursor;
      this.artifacts = artifacts;
      this.trouble = undefined;
      this.prose.clear();
    } catch (thrown) {
      this.trouble = asTrouble(thrown);
      if (this.trouble.problem.status === 404) this.close();
      throw thrown;
    }
  }

  #stepsPage(cursor?: string) {
    const query = { order: 'newest', brief: true, limit: PAGE, cursor } as const;
    return held(api.GET('/api/v1/workflow-runs/{id}/steps', { params: { path: { id: this.id }, query } }));
  }

  #hear({ event, data }: Piece): void {
    switch (event) {
      case 'run.created':
      case 'run.updated':
        this.#runMoved(data.run);
        break;
      case 'run.deleted':
        this.gone = true;
        this.close();
        break;
      case 'step.started':
      case 'step.succeeded':
      case 'step.failed':
      case 'step.canceled':
        this.#stepMoved(event, data.step);
        break;
      case 'step.progress':
        this.progress = data;
        break;
      case 'step.delta':
        if (!this.prose.take(data)) this.#again();
        break;
      case 'artifact.committed':
        this.#committed(data.artifact);
        break;
    }
  }

  #runMoved(run: Run): void {
    if (this.run && this.run.updated_at > run.updated_at) return;
    this.run = run;
  }

  #stepMoved(event: string, step: Step): void {
    const at = this.steps.findIndex((known) => known.id === step.id);
    this.steps = at < 0 ? [step, ...this.steps] : this.steps.with(at, { ...this.steps[at], ...step });
    this.progress = undefined;
    if (event === 'step.started') return;
    // The plan, the draft in hand and standing instructions live in the state.
    if (event === 'step.succeeded') this.#stateTimer ??= setTimeout(() => void this.readState(), plans(step) ? 0 : STATE_PAUSE);
    if (event !== 'step.succeeded' || step.name.endsWith('.commit')) this.prose.clear();
  }

  #committed(artifact: Artifact): void {
    const others = this.artifacts.filter((known) => known.id !== artifact.id);
    this.artifacts = [...others, artifact].sort((a, b) => a.ordinal - b.ordinal);
  }

  /** Reads what is planned and in hand again. */
  async readState(): Promise<void> {
    try {
      const path = { id: this.id };
      const run = await held(api.GET('/api/v1/workflow-runs/{id}', { params: { path, query: { include: 'state' } } }));
      this.state = run.state ?? {};
      this.#runMoved(run);
    } catch {
      // The next step asks again.
    } finally {
      this.#stateTimer = undefined;
    }
  }

  /** Something of the prose was missed: a new subscriber is told all of it. */
  #again(): void {
    this.prose.clear();
    this.#stream.close();
    this.#stream = this.#follow();
  }
}

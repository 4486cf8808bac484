import { api, asTrouble, held, type Run, type Schema, type Trouble } from './api';
import { keyOf } from './once';

export type Split = Schema['SplitMode'];

/** From a file to a run that adapts it: looked at first, kept only when it is started. */
export class Adaptation {
  file = $state.raw<File>();
  found = $state.raw<Schema['Import']>();
  busy = $state(false);
  trouble = $state.raw<Trouble>();
  chapterLength = $state<number | null>(null);
  keepNotStory = $state(false);
  split = $state<Split>('chapter_unit');
  episodes = $state(12);
  planFirst = $state(true);
  preset = $state('');
  model = $state('');
  /** The brief under which it is kept; made for the look, and taken away where nothing comes of it. */
  #brief?: string;
  #started = false;
  /** What was sent last, as it was sent. */
  #sent?: { said: string; key: string; packed: Response };

  async look(file = this.file): Promise<void> {
    if (!file) return;
    this.file = file;
    this.found = undefined;
    await this.#attempt(async () => {
      const title = file.name.replace(/\.[^.]+$/, '').slice(0, 300);
      this.#brief ??= (await held(api.POST('/api/v1/briefs', { body: { title, content: {} } }))).id;
      this.found = await this.#send(file, true);
    });
  }

  /** Keeps the novel and starts the adaptation; the run, or the reason why not in `trouble`. */
  async start(): Promise<Run | undefined> {
    const { file, found } = this;
    if (!file || !found || !this.#brief) return undefined;
    let run: Run | undefined;
    await this.#attempt(async () => {
      const path = { id: this.#brief ?? '' };
      const content = { language: found.language || undefined } as never;
      await held(api.PATCH('/api/v1/briefs/{id}', { params: { path }, body: { title: found.title || undefined, content } }));
      const kept = await this.#send(file, false);
      this.#started = true;
      const count = this.split === 'by_episode_count';
      run = await held(
        api.POST('/api/v1/workflow-runs', {
          body: {
            kind: 'novel_to_script',
            brief_snapshot_id: kept.brief_snapshot_id ?? '',
            source_workflow_run_id: kept.workflow_run_id ?? undefined,
            split_mode: this.split,
            episode_count: count ? this.episodes : undefined,
            prompt_preset_id: this.preset || undefined,
            model: this.model || undefined,
          },
        }),
      );
      const until = count && this.planFirst ? { step: 'adapt.season.plan' } : undefined;
      await held(api.POST('/api/v1/workflow-runs/{id}/autorun/start', { params: { path: { id: run.id } }, body: { until } }));
    });
    return run;
  }

  /** Leaves nothing behind where nothing was started. */
  async leave(): Promise<void> {
    if (this.#brief && !this.#started) await api.DELETE('/api/v1/briefs/{id}', { params: { path: { id: this.#brief } }, keepalive: true }).catch(() => undefined);
  }

  async #send(file: File, dry: boolean): Promise<Schema['Import']> {
    const form = new FormData();
    form.set('file', file);
    if (dry) form.set('dry_run', 'true');
    if (this.chapterLength) form.set('chapter_length', String(this.chapterLength));
    if (this.keepNotStory) form.set('not_story', 'keep');
    const said = `${this.chapterLength} ${this.keepNotStory} ${dry} ${file.name} ${file.size} ${file.lastModified}`;
    if (this.#sent?.said !== said) this.#sent = { said, key: keyOf(), packed: new Response(form) };
    const packed = this.#sent.packed.clone();
    // The same file with the same wishes is sent in the same bytes under the same key, and kept once.
    const headers = { 'content-type': packed.headers.get('content-type') ?? '', 'idempotency-key': this.#sent.key };
    const bytes = await packed.blob();
    const params = { path: { id: this.#brief ?? '' } };
    return held(api.POST('/api/v1/briefs/{id}/imports', { params, headers, body: bytes as never, bodySerializer: (body) => body as never }));
  }

  async #attempt(act: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.trouble = undefined;
    try {
      await act();
    } catch (thrown) {
      this.trouble = asTrouble(thrown);
    } finally {
      this.busy = false;
    }
  }
}

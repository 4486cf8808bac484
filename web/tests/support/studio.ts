import { test as base, expect, type Page } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SlowModel } from './slow-model';

const BINARY = process.env.FABULIST_BINARY ?? '../target/debug/fabulist';

/** The real binary, serving a data folder of its own. */
export class Studio {
  url = '';
  readonly #data = mkdtempSync(join(tmpdir(), 'studio-'));
  #child?: ChildProcess;
  #port = 0;

  constructor(readonly env: Record<string, string> = {}) {}

  async start(): Promise<void> {
    const args = ['--data-dir', this.#data, 'serve', '--json', '--listen', `127.0.0.1:${this.#port}`];
    const { PATH, HOME } = process.env;
    this.#child = spawn(BINARY, args, { env: { PATH, HOME, LANG: 'en_US.UTF-8', ...this.env }, stdio: ['ignore', 'pipe', 'ignore'] });
    const said = await new Promise<string>((line, failed) => {
      this.#child?.stdout?.once('data', (data) => line(String(data)));
      this.#child?.once('exit', (code) => failed(new Error(`the server ended: ${code}`)));
    });
    this.url = JSON.parse(said).url;
    this.#port = Number(new URL(this.url).port);
  }

  /** Ends the process as a power cut would. */
  async kill(): Promise<void> {
    const gone = new Promise((done) => this.#child?.once('exit', done));
    this.#child?.kill('SIGKILL');
    await gone;
  }

  async stop(): Promise<void> {
    if (this.#child?.exitCode === null) await this.kill();
    rmSync(this.#data, { recursive: true, force: true });
  }

  async post(path: string, body: unknown = {}): Promise<any> {
    const answer = await fetch(`${this.url}/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const read = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(read)}`);
    return read;
  }

  async get(path: string): Promise<any> {
    return (await fetch(`${this.url}/api/v1${path}`)).json();
  }

  /** A run of a small novel; begun by nobody unless `run` says so. */
  async novel(run: Record<string, unknown> = {}, content: Record<string, unknown> = {}): Promise<any> {
    const spec = { chapter_count: 3, chapter_length: { min: 200, max: 400, unit: 'words' } };
    const premise = 'A lamp burns in a house where nobody lives.';
    const characters = [{ name: 'Mara Quill', role: 'protagonist', goal: 'to find who lit it' }, { name: 'Oren', role: 'neighbour' }];
    const brief = await this.post('/briefs', { title: 'The Lamp', content: { premise, characters, output_spec: spec, ...content } });
    const snapshot = await this.post(`/briefs/${brief.id}/snapshots`);
    return this.post('/workflow-runs', { kind: 'novel', brief_snapshot_id: snapshot.id, ...run });
  }

  /** A small novel, written to its end. */
  async written(content: Record<string, unknown> = {}): Promise<any> {
    const run = await this.novel({ autorun: true, model: 'rehearsal' }, content);
    await expect.poll(async () => (await this.get(`/workflow-runs/${run.id}`)).status).toBe('succeeded');
    return run;
  }
}

interface Fixtures {
  studio: Studio;
  model: SlowModel;
  calm: void;
}

/** Stories begin with a server, and a model that is as slow as it is told to be: `openai/slow`. */
export const test = base.extend<Fixtures>({
  model: async ({}, use) => {
    const model = new SlowModel();
    await use(model);
    model.stop();
  },
  studio: async ({ model }, use) => {
    const studio = new Studio({ OPENAI_BASE_URL: await model.start(), OPENAI_API_KEY: 'sk-none' });
    await studio.start();
    await use(studio);
    await studio.stop();
  },
  // No page may complain, or ask another host for anything.
  calm: [
    async ({ context, studio }, use) => {
      const complaints: string[] = [];
      context.on('console', (message) => {
        // A server that is away is part of some stories.
        if (message.type() === 'error' && !/Failed to load resource|net::ERR/.test(message.text())) complaints.push(message.text());
      });
      context.on('weberror', (error) => complaints.push(error.error().message));
      context.on('request', (request) => {
        if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(studio.url)) complaints.push(`asked ${request.url()}`);
      });
      await use();
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect, type Page };

/** The part of the page where the book is read. */
export const reader = (page: Page) => page.getByRole('main', { name: /Text|正文/ });

import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A model on loopback that speaks OpenAI's chat completions, word after word, as slowly as a test needs it, and fails when it is told to. */
export class SlowModel {
  /** Words of prose, and milliseconds between two of them. */
  words = 300;
  pause = 15;
  /** Items of a plan. */
  units = 3;
  /** A paragraph that no story should have, in the middle of its prose. */
  says = '';
  /** Refuses so many requests. */
  failures = 0;
  #server?: Server;

  async start(): Promise<string> {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (some) => (body += some));
      request.on('end', () => void this.#answer(JSON.parse(body), response).catch(() => response.destroy()));
    });
    await new Promise<void>((listening) => this.#server?.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1/`;
  }

  stop(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  async #answer(asked: any, response: ServerResponse): Promise<void> {
    if (this.failures > 0) {
      this.failures--;
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: 'The lamp went out.', type: 'invalid_request_error', param: null, code: null } }));
      return;
    }
    const schema = asked.response_format?.json_schema?.schema;
    const pieces = schema ? [JSON.stringify(filled(schema, schema, this.units))] : prose(this.words, this.says);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const say = (choices: unknown, usage: unknown = null) =>
      response.write(`data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: asked.model, choices, usage })}\n\n`);
    for (const piece of pieces) {
      if (response.destroyed) return;
      say([{ index: 0, delta: { content: piece }, finish_reason: null }]);
      if (pieces.length > 1) await new Promise((done) => setTimeout(done, this.pause));
    }
    say([{ index: 0, delta: {}, finish_reason: 'stop' }]);
    say([], { prompt_tokens: 900, completion_tokens: pieces.length, total_tokens: 900 + pieces.length });
    response.end('data: [DONE]\n\n');
  }
}

const WORDS = 'the lamp stood in the window and nobody came up the stairs that night but the wind which knew every door of the old house'.split(' ');

/** Prose of so many words, never the same twice in a row, and a paragraph in the midst of it. */
function prose(count: number, says: string): string[] {
  return Array.from({ length: count }, (_, i) => {
    if (says && i === 132) return `${says}\n\n`;
    const word = WORDS[(i * 7 + (i >> 4)) % WORDS.length] ?? '';
    const begins = i % 11 === 0;
    const ends = i % 11 === 10 || i === count - 1;
    const gap = ends && i % 66 === 65 ? '\n\n' : ' ';
    return `${begins ? `${word[0]?.toUpperCase()}${word.slice(1)}` : word}${ends ? '.' : ''}${i === count - 1 ? '' : gap}`;
  });
}

/** The lists that a plan is made of; all others speak of faults or of facts, and may be empty. */
const PLANS = ['chapters', 'scenes', 'episodes', 'beats', 'moments'];

/** The least that fits a schema; a list of a plan gets `units` items. */
function filled(schema: any, root: any, units: number, key = ''): unknown {
  if (schema.$ref) return filled(schema.$ref.split('/').slice(1).reduce((at: any, part: string) => at[part], root), root, units, key);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const several = schema.anyOf ?? schema.oneOf;
  if (several) return filled(several.find((one: any) => one.type !== 'null') ?? several[0], root, units, key);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'object') return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, value]) => [name, filled(value, root, units, name)]));
  if (type === 'array') return Array.from({ length: PLANS.includes(key) ? units : (schema.minItems ?? 0) }, (_, i) => filled(schema.items, root, units, String(i)));
  if (type === 'integer' || type === 'number') return Math.max(schema.minimum ?? 1, 1);
  return type === 'boolean' ? false : 'The lamp in the window';
}

/** One event of the server. */
export interface Piece {
  id?: string;
  event: string;
  data: any;
}

/** `live`: connected. `waiting`: away, and trying again. `asleep`: nobody looks. */
export type Connection = 'connecting' | 'live' | 'waiting' | 'asleep';

interface Ears {
  /** Connected without a position: whatever was known may be old, and must be read again. */
  fresh(): Promise<void>;
  hear(piece: Piece): void;
  stands(connection: Connection): void;
}

/** The server says something at least every 15 s; silence for longer means that the line is dead. */
const SILENCE = 40_000;
/** A page that nobody sees lets go of its connection after this: browsers have few of them. */
const UNSEEN = 60_000;

/** The one connection of a page: follows `/events` and resumes exactly where it was, after faults, restarts and sleep. */
export class EventStream {
  #position?: string;
  #abort?: AbortController;
  #heard = 0;
  #faults = 0;
  #closed = false;
  #timer?: ReturnType<typeof setTimeout>;
  #watch = setInterval(() => this.#look(), 5_000);
  #unseen?: ReturnType<typeof setTimeout>;
  readonly #seen = () => this.#visible();

  constructor(
    readonly query: Record<string, string>,
    readonly ears: Ears,
  ) {
    document.addEventListener('visibilitychange', this.#seen);
    addEventListener('online', this.#seen);
    void this.#connect();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#watch);
    clearTimeout(this.#timer);
    clearTimeout(this.#unseen);
    document.removeEventListener('visibilitychange', this.#seen);
    removeEventListener('online', this.#seen);
    this.#abort?.abort();
  }

  async #connect(): Promise<void> {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    const abort = (this.#abort = new AbortController());
    this.ears.stands('connecting');
    this.#heard = Date.now();
    try {
      const query = new URLSearchParams(this.query);
      const headers: Record<string, string> = { accept: 'text/event-stream' };
      if (this.#position) headers['last-event-id'] = this.#position;
      else query.set('after', 'latest');
      const answer = await fetch(`/api/v1/events?${query}`, { headers, signal: abort.signal, cache: 'no-store' });
      if (!answer.ok || !answer.body) throw new Error(`${answer.status}`);
      // What comes while the page is read anew waits in the body.
      if (!this.#position) await this.ears.fresh();
      if (abort.signal.aborted) return;
      this.#faults = 0;
      this.ears.stands('live');
      await this.#read(answer.body, abort.signal);
    } catch {
      // Whatever it was, the answer is the same: try again.
    }
    if (this.#closed || abort !== this.#abort || abort.signal.aborted) return;
    this.#later();
  }

  #later(): void {
    const wait = Math.min(5_000, 200 * 2 ** this.#faults++) * (0.7 + Math.random() * 0.6);
    this.ears.stands('waiting');
    this.#timer = setTimeout(() => void this.#connect(), wait);
  }

  async #read(body: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<void> {
    const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) return;
      this.#heard = Date.now();
      rest += value;
      const blocks = rest.split('\n\n');
      rest = blocks.pop() ?? '';
      // All that came at once is shown at once.
      for (const block of blocks) if (this.#take(block)) await this.ears.fresh();
    }
  }

  /** Hears a piece; true where everything must be read anew. */
  #take(block: string): boolean {
    const piece: Piece = { event: 'message', data: undefined };
    for (const line of block.split('\n')) {
      if (line.startsWith('id: ')) piece.id = line.slice(4);
      else if (line.startsWith('event: ')) piece.event = line.slice(7);
      else if (line.startsWith('data: ')) piece.data = JSON.parse(line.slice(6));
    }
    if (piece.data === undefined) return false;
    if (piece.id) this.#position = piece.id;
    if (piece.event === 'stream.reset') return true;
    this.ears.hear(piece);
    return false;
  }

  #look(): void {
    if (this.#unseen === undefined && document.hidden) this.#visible();
    if (this.#abort && !this.#abort.signal.aborted && Date.now() - this.#heard > SILENCE) this.#again();
  }

  #visible(): void {
    clearTimeout(this.#unseen);
    this.#unseen = undefined;
    if (document.hidden) {
      this.#unseen = setTimeout(() => {
        this.#abort?.abort();
        clearTimeout(this.#timer);
        this.ears.stands('asleep');
      }, UNSEEN);
    } else if (this.#abort?.signal.aborted || this.#faults > 0 || Date.now() - this.#heard > 20_000) {
      this.#again();
    }
  }

  #again(): void {
    this.#faults = 0;
    void this.#connect();
  }
}

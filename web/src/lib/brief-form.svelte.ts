import { api, asTrouble, held, tagged, type Brief, type Schema, type Trouble } from './api';
import { draftOf, dropDraft, keepDraft } from './drafts';

type Content = Schema['BriefContent'];
interface Written {
  title: string;
  content: Content;
}

/** Nothing in it that says nothing: no blanks, no empty lists. */
function said(content: Content): Record<string, unknown> {
  const full = (value: unknown): unknown => {
    if (typeof value === 'string') return value.trim() === '' ? undefined : value;
    if (Array.isArray(value)) {
      const items = value.map(full).filter((item) => item !== undefined);
      return items.length ? items : undefined;
    }
    if (value && typeof value === 'object') {
      const entries = Object.entries(value).flatMap(([key, part]) => (full(part) === undefined ? [] : [[key, full(part)]]));
      // In one order, whoever wrote it.
      return entries.length ? Object.fromEntries(entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))) : undefined;
    }
    return value ?? undefined;
  };
  return (full(content) as Record<string, unknown> | undefined) ?? {};
}

/** A brief as it is being written: what was typed, what is saved, and whether they differ. */
export class BriefForm {
  saved = $state.raw<Brief>();
  title = $state('');
  content = $state<Content>({});
  trouble = $state.raw<Trouble>();
  saving = $state(false);
  /** Somebody else saved while this was typed: a person says which one leads. */
  behind = $state(false);
  dirty = $derived(!!this.saved && (this.title !== this.saved.title || JSON.stringify(said(this.content)) !== JSON.stringify(said(this.saved.content as Content))));
  /** The brief as it was when the typing began. */
  #base = '';
  #tag = '';

  constructor(readonly id: string) {}

  get #name() {
    return `brief.${this.id}`;
  }

  async read(): Promise<void> {
    try {
      const brief = await this.#read();
      const draft = draftOf<Written>(this.#name);
      this.#show(brief);
      if (draft) {
        this.title = draft.value.title;
        this.content = draft.value.content;
        this.behind = this.dirty && draft.base !== brief.updated_at;
      }
    } catch (thrown) {
      this.trouble = asTrouble(thrown);
    }
  }

  /** Takes the tag of what was just saved, unless somebody saved again meanwhile: then the next save says so. */
  async #tagAnew(brief: Brief): Promise<void> {
    const before = this.#tag;
    const now = await this.#read().catch(() => undefined);
    if (now?.updated_at !== brief.updated_at) this.#tag = before;
  }

  async #read(): Promise<Brief> {
    const { held: brief, tag } = await tagged(api.GET('/api/v1/briefs/{id}', { params: { path: { id: this.id } } }));
    this.#tag = tag;
    return brief;
  }

  /** Both as they stand: what is saved, and what was typed here. */
  get both(): [unknown, unknown] {
    const [theirs, mine] = [this.saved, $state.snapshot(this.content) as Content];
    return [{ title: theirs?.title, ...said((theirs?.content ?? {}) as Content) }, { title: this.title, ...said(mine) }];
  }

  /** Keeps what was typed in this browser. */
  keep(): void {
    if (this.dirty) keepDraft<Written>(this.#name, { title: this.title, content: $state.snapshot(this.content) as Content }, this.#base);
    else dropDraft(this.#name);
  }

  /** Lets go of what was typed here. */
  takeSaved(): void {
    dropDraft(this.#name);
    if (this.saved) this.#show(this.saved);
  }

  /** Saves; whether it is saved now. */
  async save(): Promise<boolean> {
    if (!this.saved || !this.dirty) return true;
    this.saving = true;
    this.trouble = undefined;
    try {
      const now = said($state.snapshot(this.content) as Content);
      const gone = Object.keys(this.saved.content).filter((key) => !(key in now));
      const content = { ...now, ...Object.fromEntries(gone.map((key) => [key, null])) };
      const body = { title: this.title, content: content as Schema['BriefPatch']['content'] };
      const params = { path: { id: this.id }, header: { 'If-Match': this.#tag } };
      const brief = await held(api.PATCH('/api/v1/briefs/{id}', { params, body }));
      dropDraft(this.#name);
      this.saved = brief;
      this.#base = brief.updated_at;
      this.behind = false;
      await this.#tagAnew(brief);
      return true;
    } catch (thrown) {
      const trouble = asTrouble(thrown);
      if (trouble.problem.status !== 412) this.trouble = trouble;
      else await this.#meet();
      return false;
    } finally {
      this.saving = false;
    }
  }

  /** Somebody was faster: what they saved is read, and shown beside what stands here. */
  async #meet(): Promise<void> {
    try {
      this.saved = await this.#read();
      this.behind = this.dirty;
    } catch (thrown) {
      this.trouble = asTrouble(thrown);
    }
  }

  #show(brief: Brief): void {
    this.saved = brief;
    this.title = brief.title;
    this.content = structuredClone(brief.content) as Content;
    this.#base = brief.updated_at;
    this.behind = false;
  }
}

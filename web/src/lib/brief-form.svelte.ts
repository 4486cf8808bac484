import { api, asTrouble, held, type Brief, type Schema, type Trouble } from './api';
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
  /** Something was typed here before the saved brief changed elsewhere. */
  behind = $state(false);
  dirty = $derived(!!this.saved && (this.title !== this.saved.title || JSON.stringify(said(this.content)) !== JSON.stringify(said(this.saved.content as Content))));
  #base = '';

  constructor(readonly id: string) {}

  get #name() {
    return `brief.${this.id}`;
  }

  async read(): Promise<void> {
    try {
      const brief = await held(api.GET('/api/v1/briefs/{id}', { params: { path: { id: this.id } } }));
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
      const brief = await held(api.PATCH('/api/v1/briefs/{id}', { params: { path: { id: this.id } }, body }));
      dropDraft(this.#name);
      this.saved = brief;
      this.#base = brief.updated_at;
      this.behind = false;
      return true;
    } catch (thrown) {
      this.trouble = asTrouble(thrown);
      return false;
    } finally {
      this.saving = false;
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

import { api, everything, held, type Schema } from './api';
import { fromServer, type Mark } from './passages';

export type Lock = Schema['Lock'];

/** The locks of one text: words that no later version may lose, or all of it. Made where a component is made. */
export class Locks {
  list = $state.raw<Lock[]>([]);
  #of = '';

  /** Reads those of an artifact, whenever its latest version is another one. */
  constructor(artifact: () => { id: string; latest_version_id: string } | undefined) {
    $effect(() => {
      const now = artifact();
      void now?.latest_version_id;
      if (now?.id !== this.#of) this.list = [];
      this.#of = now?.id ?? '';
      if (now) void this.read().catch(() => undefined);
    });
  }

  async read(): Promise<void> {
    const id = this.#of;
    const list = await everything((cursor) => held(api.GET('/api/v1/artifacts/{id}/locks', { params: { path: { id }, query: { limit: 200, cursor } } })));
    if (id === this.#of) this.list = list;
  }

  async add(lock: Schema['NewLock']): Promise<void> {
    await held(api.POST('/api/v1/artifacts/{id}/locks', { params: { path: { id: this.#of } }, body: lock }));
    await this.read();
  }

  async remove(lock_id: string): Promise<void> {
    await held(api.DELETE('/api/v1/artifacts/{id}/locks/{lock_id}', { params: { path: { id: this.#of, lock_id } } }));
    await this.read();
  }

  /** Where the locked words stand in the latest text. */
  marks(text: string): Mark[] {
    return this.list.flatMap(({ span, reason }) => (span ? [{ ...fromServer(text, span), title: reason }] : []));
  }
}

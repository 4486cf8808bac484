import { api, held, type Version } from './api';

const KEPT = 40;
const known = new Map<string, Promise<Version>>();

/** A version's text. Versions never change, so one that was read is not read again. */
export function version(id: string): Promise<Version> {
  let text = known.get(id);
  if (!text) {
    text = held(api.GET('/api/v1/artifact-versions/{id}', { params: { path: { id } } }));
    text.catch(() => known.delete(id));
    known.set(id, text);
    if (known.size > KEPT) known.delete(known.keys().next().value ?? '');
  }
  return text;
}

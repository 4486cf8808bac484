const HEADER = 'idempotency-key';
/** The keys of requests of which nobody knows yet what became of them, by what they ask for. */
const open = new Map<string, string>();

/** A key that no other request has. Also where the page came over plain HTTP from another machine. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Whether an answer says nothing about what became of the request: a proxy speaks for a server that is away. */
const saysNothing = (answer: Response): boolean => [502, 503, 504].includes(answer.status);

/**
 * Sends a request so that it is carried out once. The same POST again, while the first is under way or after a line that broke before it was
 * answered, has the same key, and the server answers as the first time; after an answer it is a new wish.
 */
export async function once(request: Request): Promise<Response> {
  if (request.method !== 'POST' || request.headers.has(HEADER)) return fetch(request);
  const asked = `${request.url}\n${await request.clone().text()}`;
  const key = open.get(asked) ?? newKey();
  open.set(asked, key);
  request.headers.set(HEADER, key);
  const answer = await fetch(request);
  if (!saysNothing(answer)) open.delete(asked);
  return answer;
}

/** A key for one wish that is sent by hand, as often as it takes. */
export const keyOf = newKey;

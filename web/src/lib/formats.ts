import type { Run } from './api';

/** In which formats a book can be had, the likeliest first. */
export function formats(kind: Run['kind']): string[] {
  return kind === 'novel' ? ['md', 'txt'] : ['fountain', 'screenplay', 'txt', 'md'];
}

import type { Run } from './api';

export type Stands = Run['status'] | 'waiting' | 'retrying';

/** How a run stands for its person: one that nobody drives waits for them, and so does a branch that has chapters and goes nowhere yet. */
export function stands(run: Run): Stands {
  if (run.retry) return 'retrying';
  const isLeft = run.status === 'running' && !run.active_step && !run.autorun;
  return isLeft || (run.status === 'queued' && run.progress.done > 0) ? 'waiting' : run.status;
}

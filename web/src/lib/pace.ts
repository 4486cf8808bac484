import type { Run, Step } from './api';

/** How long the rest takes, in milliseconds, at the pace of the steps that are known; nothing before there is a pace. */
export function timeLeft(run: Run, steps: Step[]): number | undefined {
  const { done, total } = run.progress;
  if (total === null || done >= total || run.status !== 'running') return undefined;
  const ended = steps.filter((step) => step.kind === 'step' && step.finished_at);
  const kept = ended.filter((step) => step.status === 'succeeded' && step.name.endsWith('.commit')).length;
  if (kept === 0) return undefined;
  const spent = ended.reduce((sum, step) => sum + Date.parse(step.finished_at ?? '') - Date.parse(step.started_at), 0);
  return (spent / kept) * (total - done);
}

import type { Run } from './api';

/** A run in its family, and where its knot is drawn. */
export interface Branch {
  run: Run;
  /** From the top. */
  row: number;
  /** How many runs it descends from. */
  depth: number;
  /** The row of the run that it left; none at a root, or where that one is gone. */
  parent?: number;
}

/** A family of runs as a tree: each run before what left it, in the order of their making. */
export function tree(family: Run[]): Branch[] {
  const known = new Set(family.map((run) => run.id));
  const parentOf = (run: Run) => (known.has(run.forked_from?.workflow_run_id ?? '') ? run.forked_from?.workflow_run_id : undefined);
  const sorted = family.toSorted((a, b) => a.created_at.localeCompare(b.created_at));
  const children = (id?: string) => sorted.filter((run) => parentOf(run) === id);
  const branches: Branch[] = [];
  const grow = (run: Run, depth: number, parent?: number) => {
    const row = branches.length;
    branches.push({ run, row, depth, parent });
    for (const child of children(run.id)) grow(child, depth + 1, row);
  };
  for (const root of children()) grow(root, 0);
  return branches;
}

import type { Run } from './api';

/** One row of a plan, as a person edits it. */
export interface Row {
  id: string;
  title: string;
  summary?: string;
  hook?: string;
}

const PLACES: Record<Run['kind'], [string, string]> = { novel: ['outline', 'chapters'], script: ['scene_list', 'scenes'], novel_to_script: ['episode_plan', 'episodes'] };

/** Under which name a plan keeps what happens in a unit. */
const WHAT: Record<Run['kind'], string> = { novel: 'summary', script: 'summary', novel_to_script: 'core' };

/** The plan in order. */
export function rows(kind: Run['kind'], state: Record<string, any>): Row[] {
  const [section, list] = PLACES[kind];
  const units = Object.entries((state[section]?.[list] ?? {}) as Record<string, any>);
  return units.sort(([, a], [, b]) => a.order - b.order).map(([id, unit]) => ({ id, title: unit.title ?? '', summary: unit[WHAT[kind]], hook: unit.hook }));
}

/** What changed, as a merge patch of the state; nothing where nothing did. */
export function patch(kind: Run['kind'], before: Row[], after: Row[]): Record<string, unknown> | undefined {
  const [section, list] = PLACES[kind];
  const changed = after.flatMap((row, i) => {
    const keys = (['title', 'summary', 'hook'] as const).filter((key) => row[key] !== before[i]?.[key]);
    return keys.length ? [[row.id, Object.fromEntries(keys.map((key) => [key === 'summary' ? WHAT[kind] : key, row[key]]))]] : [];
  });
  return changed.length ? { [section]: { [list]: Object.fromEntries(changed) } } : undefined;
}

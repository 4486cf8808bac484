import type { Artifact, Run } from './api';

/** A chapter, scene or episode: planned, in hand, or kept. */
export interface Unit {
  ordinal: number;
  title: string;
  summary: string;
  hook: string;
  artifact?: Artifact;
  inHand: boolean;
}

interface Planned {
  order: number;
  title?: string;
  summary?: string;
  /** What an episode is about. */
  core?: string;
  hook?: string;
}

const PLANS: Record<Run['kind'], (state: Record<string, any>) => Record<string, Planned> | undefined> = {
  novel: (state) => state.outline?.chapters,
  script: (state) => state.scene_list?.scenes,
  novel_to_script: (state) => state.episode_plan?.episodes,
};

/** Which unit the run works on; none before the plan and after the end. */
export function inHand(run: Run): number | undefined {
  const cursor = run.cursor as { phase?: string; chapter_index?: number; scene_index?: number; episode_index?: number };
  if (cursor.phase === 'done') return undefined;
  return { novel: cursor.chapter_index, script: cursor.scene_index, novel_to_script: cursor.episode_index }[run.kind];
}

/** What the book is made of, in order. */
export function units(run: Run, state: Record<string, any>, artifacts: Artifact[]): Unit[] {
  const planned = Object.values(PLANS[run.kind](state) ?? {}).sort((a, b) => a.order - b.order);
  const kept = new Map(artifacts.map((artifact) => [artifact.ordinal, artifact]));
  const hand = inHand(run);
  const count = Math.max(planned.length, artifacts.at(-1)?.ordinal ?? 0, hand ?? 0);
  return Array.from({ length: count }, (_, i) => {
    const [plan, artifact] = [planned[i], kept.get(i + 1)];
    return {
      ordinal: i + 1,
      title: artifact?.title ?? plan?.title ?? '',
      summary: plan?.summary ?? plan?.core ?? '',
      hook: plan?.hook ?? '',
      artifact,
      inHand: hand === i + 1,
    };
  });
}

import type { Run } from './api';

/** The steps of each kind of run, in the order in which they come. */
const STEPS: Record<Run['kind'], string[]> = {
  novel: ['novel.outline', 'novel.chapter.beats', 'novel.chapter.draft', 'novel.chapter.extract', 'novel.chapter.critique', 'novel.chapter.fix', 'novel.chapter.commit'],
  script: ['script.scene_list', 'script.scene.draft', 'script.scene.extract', 'script.scene.critique', 'script.scene.fix', 'script.scene.commit'],
  novel_to_script: [
    'adapt.chapter.breakdown', 'adapt.chapter.plan', 'adapt.season.plan', 'adapt.episode.draft', 'adapt.episode.extract', 'adapt.episode.critique', 'adapt.episode.fix',
    'adapt.episode.commit',
  ],
};

export const stepsOf = (kind: Run['kind']): string[] => STEPS[kind];

/** The step that comes next; none where everything is done. */
export function nextStep(run: Run): string | undefined {
  const { phase } = run.cursor as { phase?: string };
  return phase === 'done' ? undefined : phase;
}

/** Whether a step writes a draft, so that there may be several to choose from. */
export const drafts = (step: string | undefined): boolean => !!step?.endsWith('.draft');

/** Everything the studio says, in English. The other languages have the same shape, which the compiler checks. */
export const words = {
  do: {
    again: 'Try again', cancel: 'Cancel', close: 'Close', delete: 'Delete', rename: 'Rename…', save: 'Save', undo: 'Undo',
    discard: 'Discard', remove: 'Remove',
  },
  go: { library: 'Library', settings: 'Settings', skip: 'Skip to the page', nothing: 'There is no page at this address.' },
  palette: { title: 'Commands', placeholder: 'What would you like to do?', none: 'Nothing of that name.', go: 'Go', look: 'Look' },
  help: { title: 'Keys', escape: 'Close what is open', more: 'Everything here can also be done over the API.', api: 'How it works' },
  live: { away: 'Not connected. Trying again…' },
  trouble: { title: 'This page could not be opened.', reload: 'Check that Fabulist is running, then load the page again.' },
  problems: {
    unreachable: { text: 'Fabulist cannot be reached.', hint: 'Check that it is running. Nothing typed is lost; try again when it is back.' },
  },
  kind: { novel: 'Novel', script: 'Script', novel_to_script: 'Adaptation' },
  status: {
    queued: 'Not begun', running: 'Writing', waiting: 'Waiting for you', retrying: 'Will try again', paused: 'Paused', succeeded: 'Finished', failed: 'Stopped', canceled: 'Canceled',
  },
  counts: {
    briefs: 'briefs', snapshots: 'snapshots', runs: 'runs', steps: 'steps', versions: 'versions of texts', manuscripts: 'manuscripts of your own', artifacts: 'texts',
  },
  first: {
    title: 'A quiet place to write long things.',
    what: 'You bring the idea and the people. Fabulist plans the book, writes it chapter by chapter where you can watch, and stops whenever you want a word in it. Every draft stays; nothing is ever overwritten.',
    rehearse: 'Write a rehearsal novel', own: 'Start from my own idea',
    rehearsal: 'A rehearsal is written offline, for free, in a moment. It shows how everything works; its prose is only a stand-in.',
    connect: 'To write with a real model, start it like this:', which: 'Which models are in reach?',
  },
  sample: {
    title: 'The Keeper of Small Hours',
    content: {
      premise: 'On an island where the lighthouse has been dark for thirty years, its last keeper starts to find wet footprints on the stairs. When her brother comes back to sell the tower, they must find out together who has been lighting a lamp that both of them remember burying.',
      genre: 'quiet mystery', tone: 'tender, a little eerie', style: 'Plain sentences, close to the senses, dry humour.', language: 'en', pov: 'third_limited', tense: 'past',
      characters: [
        { name: 'Nora Vale', role: 'protagonist', description: 'Keeper of a lighthouse that keeps nothing.', goal: 'to stay', secret: 'she put the lamp out herself' },
        { name: 'Edmund Vale', role: 'her brother', description: 'Back after twenty years, with a contract.', goal: 'to sell the tower' },
        { name: 'Ivy Crane', role: 'the postmistress', description: 'Reads every postcard twice.', goal: 'to be asked' },
      ],
      output_spec: { chapter_count: 6, chapter_length: { min: 700, max: 1100, unit: 'words' } },
    },
  },
  library: {
    title: 'Library', untitled: 'Untitled', create: 'New book', search: 'Search', none: (what: string) => `Nothing here matches “${what}”.`,
    fold: (name: string) => `Drafts of ${name}`, menu: (name: string) => `More for ${name}`, open: 'Open', openBrief: 'Open the brief', snapshot: 'Snapshot', name: 'Name',
    adapt: 'Adapt a novel', nothingYet: 'Nothing was written from this brief yet.', deleteSnapshot: (name: string) => `Delete snapshot ${name}`,
  },
  remove: {
    title: {
      brief: (name: string) => `Delete “${name}” and everything written from it?`,
      snapshot: (name: string) => `Delete the snapshot “${name}” and everything written from it?`,
      run: (name: string) => `Delete the run “${name}”?`,
    },
    goes: 'This would go:', stays: 'This would stay, because you wrote it:', bin: 'For 30 days it can be brought back with fabulist bin restore.', done: (name: string) => `“${name}” was deleted.`,
  },
  run: {
    unknownCost: 'price unknown', forked: 'Branched from another run',
    progress: {
      novel: (done: number, total: number | null) => `${done} of ${total ?? '?'} chapters`,
      script: (done: number, total: number | null) => `${done} of ${total ?? '?'} scenes`,
      novel_to_script: (done: number, total: number | null) => `${done} of ${total ?? '?'} episodes`,
    },
    length: (count: string, cjk: boolean) => (cjk ? `${count} characters` : `${count} words`),
    left: (time: string) => `about ${time} left`,
    gone: 'This run was deleted.', rehearsal: 'Rehearsal', rehearsalNote: 'Written offline by the rehearsal model: a stand-in, not a book.',
    plan: 'Plan', text: 'Text', steps: 'Steps', ask: 'Change', versions: 'Versions', branches: 'Branches',
    unit: {
      novel: (n: number) => `Chapter ${n}`, script: (n: number) => `Scene ${n}`, novel_to_script: (n: number) => `Episode ${n}`,
    },
    noPlan: 'The plan appears here as soon as the first step is done.',
    begin: 'Nothing is written yet. “Write” goes on by itself to the end; “Next step” does one thing at a time.',
    notYet: 'This part is not written yet.', planned: 'Planned', hook: (hook: string) => `Ends with: ${hook}`,
    writing: 'being written', reading: 'being read through', mending: 'being revised', rewriting: 'Passages being rewritten',
    byHand: 'your text', draft: 'draft', follow: 'Follow the writing', previous: 'Previous', next: 'Next', turn: 'Turn the page',
  },
  act: {
    next: 'Next step', write: 'Write', writeOn: 'Write on', pause: 'Pause', pauseNow: 'Stop at once', pauseNowNote: 'Aborts the step in flight; it runs again later', resume: 'Resume', again: 'Try again',
    toEnd: 'To the end', toEndNote: 'Goes on when this page is closed', thisUnit: 'Until this chapter is done', page: 'While this page is open', pageNote: 'One step after the other, from here',
    cancel: 'Cancel the run', fork: 'Branch off here', forkNow: 'Branch off now', budget: 'Budget…', forecast: 'Forecast…', gates: 'Gates…', until: 'Until…', draws: 'Several drafts…', drawsNote: 'Of the next chapter, to choose from', drawsLater: 'When a draft comes next', export: 'Export…', brief: 'The brief', delete: 'Delete…', stopPage: 'Stop', menu: 'More to do', how: 'How far to write',
    pageRuns: 'This page is driving the run.', accept: 'Take it as it is',
    reallyCancel: 'Cancel this run?', cancelNote: 'What was written stays and can be read, exported and branched. The run itself cannot go on.', keepRun: 'Keep it',
  },
  forecast: {
    title: 'What is still to come', low: 'at best', likely: 'likely', high: 'at worst', time: 'Time', cost: 'Cost', calls: 'Calls', read: 'Tokens read', written: 'Tokens written', none: 'Nothing is known about what is still to come.',
    range: (low: string, high: string) => `Between ${low} and ${high}`,
    units: {
      novel: (n: number) => (n === 1 ? 'One chapter is still to be written.' : `${n} chapters are still to be written.`), script: (n: number) => (n === 1 ? 'One scene is still to be written.' : `${n} scenes are still to be written.`),
      novel_to_script: (n: number) => (n === 1 ? 'One episode is still to be written.' : `${n} episodes are still to be written.`),
    },
    basis: {
      own_units: (n: number) => `Reckoned from ${n} finished ${n === 1 ? 'piece' : 'pieces'} of this run.`, other_runs: (n: number) => `Reckoned from ${n} finished ${n === 1 ? 'piece' : 'pieces'} of other runs with this model.`,
      rule: (_n: number) => 'A rule of thumb: nothing was written with this model yet.',
    },
  },
  gates: { title: 'Stop before', note: 'The run waits for you before each of these steps, until you let it go on.', stops: 'Stops before:', change: 'Change', set: (n: number) => (n === 1 ? '1 is set' : `${n} are set`) },
  until: {
    title: 'Write until…', go: 'Write', here: 'Write until here', step: 'until this step was done once', count: 'for so many steps',
    chapter: { novel: 'until this chapter is done', script: 'until this scene is done', novel_to_script: 'until this episode is done' },
  },
  draws: {
    title: 'Several drafts', go: 'Write them', note: 'The next chapter is written so many times. The best by what can be checked is taken; the others stay, and you may take another one.', count: 'How many', drafts: 'Drafts', rank: (n: number) => `No. ${n}`, taken: 'taken', take: 'Take this one',
    chosen: 'Taken. It is read and judged next.', beats: (told: number, all: number) => `${told} of ${all} beats told`, clean: 'nothing to object', found: (errors: number, warnings: number) => `${errors} wrong, ${warnings} doubtful`, read: 'Read it', other: 'Other drafts',
  },
  findings: {
    title: 'What was found', kept: (n: number) => (n === 1 ? 'Something may be wrong here' : `${n} things may be wrong here`), severity: { error: 'must not stand', warning: 'may stand' }, against: 'Against:', rule: (rule: string) => rule.replaceAll('-', ' '),
  },
  locks: {
    title: 'Locked', lock: 'Lock', open: 'Lock…', go: 'Lock', note: 'What is locked stays word for word, whoever writes: no rewrite, no new draft and no edit may touch it.', reason: 'Why?', reasonGiven: 'It is to stay as it is.', whole: 'The whole text', free: 'Unlock',
  },
  /** What the parts of a plan are called. */
  state: { guidance: 'Standing instruction', outline: 'Plan', scene_list: 'Plan', episode_plan: 'Plan', chapters: 'chapters', scenes: 'scenes', episodes: 'episodes', characters: 'people', title: 'title', summary: 'what happens', core: 'what happens', hook: 'ends with', text: 'words', cursor: 'where the run stands' } as Record<string, string>,
  passage: { which: 'Which paragraphs', all: 'The whole text; or choose paragraphs:', some: (n: number) => (n === 1 ? '1 paragraph' : `${n} paragraphs`), selected: 'The selected words' },
  rewrite: {
    title: 'Write a passage anew', open: 'Rewrite…', go: 'Rewrite', busy: 'Writing…', note: 'Everything beside it stays as it is, to the last letter. The old text is kept among the versions.', instruction: 'What should be different?', placeholder: 'Shorter. Let her say less than she knows.',
  },
  branches: { picture: (n: number) => `The tree of ${n} ${n === 1 ? 'branch' : 'branches'}`, fromStart: 'From the start', none: 'A branch goes its own way from any step; the original stays as it is. Branch off here, or from a step.', after: (step: number) => `after step ${step}` },
  why: {
    title: 'Why it is paused', redraft: 'Write it again', intervene: 'Tell the writer…', pass: 'Go on', raise: 'Raise the budget…',
    person: 'You paused it.', gate: 'It waits at a gate that you set.', budget: 'The budget is spent.', daily_cap: 'Today’s limit is reached.',
    findings: 'Something in this chapter contradicts the story.', 'artifact-moved-on': 'You changed this chapter while it was being written.',
    drains: 'The step in flight finishes first.', retry: (at: string, reason: string) => `Tries again ${at}: ${reason}`, before: (step: string) => `Before: ${step}`,
    resumeFindings: 'Written again, it has these in mind; or take it as it is.',
  },
  budget: { title: 'Budget', cost: 'At most, in dollars', tokens: 'At most, in tokens', spent: (cost: string, tokens: string) => `Spent so far: ${cost}, ${tokens} tokens.`, none: 'Empty means no limit.' },
  stepName: {
    outline: 'Plan the book', scene_list: 'Plan the scenes', beats: 'Plan the chapter', draft: 'Write', extract: 'Note what happened', critique: 'Read critically', fix: 'Revise', commit: 'Keep', reread: 'Read your changes',
    breakdown: 'Take the chapter apart', plan: 'Divide into episodes', import: 'Import', intervention: 'Your instruction', edit: 'Your change', done: 'Finished', 'season.plan': 'Plan the season',
  },
  step: {
    none: 'Each step appears here with what it took and what the model saw.', attempt: (n: number) => `attempt ${n}`, calls: (n: number) => (n === 1 ? '1 call' : `${n} calls`), tokens: (n: string) => `${n} tokens`,
    saw: 'What the model saw', said: 'What it answered', took: 'took', close: 'Back to the steps', revert: 'Undo this', reverted: 'Undone.', partial: 'What was written before it stopped', causes: 'Causes',
    came: { length: 'length', round: 'round', verdict: 'verdict', findings: 'findings', scores: 'scores', chapters: 'chapters', scenes: 'scenes', episodes: 'episodes', beats: 'beats', reverted: 'step', chosen: 'draft', of_step: 'of step' } as Record<string, string>,
    noCalls: 'No model was asked.', status: { running: 'running', succeeded: 'done', failed: 'failed', canceled: 'aborted' }, loading: 'Loading…', included: (used: number, budget: number) => `${used} of ${budget} tokens`,
  },
  ask: {
    title: 'Change the course', placeholder: 'Tell the writer what should be different from here on…', what: 'Say it as you would to a co-author. You see first what would change; nothing is touched until you apply it.',
    preview: 'Preview', apply: 'Apply', applied: 'Applied', would: 'This would change:', did: 'This was changed:', nothing: 'This would change nothing.', you: 'You', studio: 'Fabulist', undo: 'Undo', undone: 'Undone', thinking: 'Thinking…',

  },
  edit: {
    edit: 'Edit', save: 'Save as my version', title: 'Title', text: 'Text', saved: 'Saved as a new version.', unsaved: 'Not saved yet; kept in this browser.', restored: 'You had written this and not saved it.', differs: 'What differs', discard: 'Discard my changes',
    conflict: 'Somebody saved a newer version while you wrote.', theirs: 'Newest version', mine: 'Your text', keepMine: 'Save mine over it', takeTheirs: 'Take the newest', conflictNote: 'Both are kept in the versions, whichever you choose.',
    versions: 'Versions', number: (n: number) => `Version ${n}`, byYou: 'by you', byModel: 'by the model', latest: 'latest', restore: 'Restore', restoredVersion: 'Restored as a new version.', same: 'Nothing differs.', back: 'Back to the text', against: (n: number) => `compared with version ${n}`,
  },
  exporting: { title: 'Export', format: 'Format', ranges: 'Only some (like 1-5,8)', all: 'everything', download: 'Download', formats: { md: 'Markdown', txt: 'Plain text', fountain: 'Fountain', screenplay: 'Screenplay pages', html: 'Web page', epub: 'EPUB', docx: 'Word', pdf: 'PDF', fdx: 'Final Draft' } },
  brief: {
    title: 'Title', idea: 'The idea', premise: 'Premise', premiseHint: 'Who wants what, what stands in the way, and why now? A few sentences are enough.', logline: 'In one sentence', genre: 'Genre', tone: 'Tone', setting: 'Where and when',
    people: 'The people', name: 'Name', role: 'Role', description: 'Who they are', goal: 'Wants', secret: 'Hides', voice: 'Sounds like', addPerson: 'Add a person', removePerson: (name: string) => `Remove ${name || 'this person'}`, noPeople: 'Nobody yet. Two or three people with opposing wishes carry a book.',
    manner: 'The manner', style: 'Style', styleSample: 'A sample of the prose you want', pov: 'Point of view', povs: { first: 'I', third_limited: 'He or she, close', third_omniscient: 'All-knowing' }, tense: 'Tense', language: 'Language of the book', notSaid: 'Not said', forbidden: 'Never', forbiddenHint: 'One thing a line that must not appear',
    size: 'The size', chapters: 'Chapters', scenes: 'Scenes (for a script)', from: 'Words a chapter, from', to: 'to', unit: 'Counted in', units: { words: 'words', chars: 'characters' },
    saved: 'Saved', saving: 'Saving…', unsaved: 'Not saved yet; kept in this browser.', snapshot: 'Take a snapshot', snapshots: 'Snapshots', snapshotLabel: 'What is it for? (may stay empty)', snapshotTaken: 'Snapshot taken.', changes: 'What changed', since: 'Since', noSnapshots: 'A snapshot freezes the brief; each book is written from one.', same: 'Nothing changed.',
    write: 'Write it', template: 'Begin with a template', templateNote: 'Fills what is empty; what you wrote stays.', newer: 'The saved brief is newer than what you typed here.', takeSaved: 'Take the saved one', keepMine: 'Keep mine', warnings: 'Kept, but not understood:',
  },
  begin: {
    title: 'Write from this brief', kind: 'What', model: 'Model', otherModel: 'Another, as provider/model', budget: 'At most, in dollars (empty: no limit)', preset: 'Preset', how: 'How', auto: 'Go on to the end', byStep: 'Step by step', start: 'Begin', free: 'free, offline', price: (input: string, output: string) => `${input} in, ${output} out per million tokens`, label: 'Name (may stay empty)', defaultPreset: 'the usual one',
  },
  adapt: {
    title: 'Adapt a novel', what: 'Drop a novel here, as text or Markdown. You see the chapters first; nothing is written before you start.', choose: 'Choose a file', another: 'Another file', looking: 'Looking for chapters…', chapters: (n: number) => (n === 1 ? '1 chapter' : `${n} chapters`),
    encoding: 'Encoding', notStory: 'Probably no part of the story, left out:', keepIt: 'Keep these passages', noHeadings: 'Split a text without headings every', how: 'How to divide it', split: { chapter_unit: 'One episode a chapter', auto_by_length: 'By length', by_episode_count: 'A number of episodes' }, episodes: 'Episodes', start: 'Start', planFirst: 'Stop after the season plan, so that I can edit it',

  },
  redo: { open: 'Write again…', redo: 'Write again', title: (unit: string) => `${unit}: write it again`, note: 'The text as it is stays among the versions. It is written anew when the run goes on.', instruction: 'What should be different? (may stay empty)', done: 'It will be written again when the run goes on.' },
  plan: { edit: 'Edit the plan', title: 'The plan', number: 'No.', name: 'Title', summary: 'What happens', hook: 'Ends with', saved: 'The plan was changed.', note: 'What is written already stays as it is; the rest follows the new plan.', restored: 'You had changed this and not saved it.' },
  compare: { title: 'Side by side', with: 'Compare', same: 'the same', changed: (inserted: number, deleted: number) => `+${inserted} −${deleted} words`, findings: (n: number) => (n === 1 ? '1 finding' : `${n} findings`), only: 'only here', none: 'Not written here.' },
  settings: {
    title: 'Settings', look: 'Look', theme: 'Theme', themes: { system: 'As the system', light: 'Light', dark: 'Dark' }, useLight: 'Light theme', useDark: 'Dark theme', language: 'Language', models: 'Models in reach', ollama: 'Start Ollama here, or set OLLAMA_HOST', ready: 'ready', needs: (what: string) => `Set ${what}`, default: 'default', also: 'Also',
    modelsNote: 'Keys are read from the environment when Fabulist starts; they are never stored or shown.', output: 'New books', outputNote: 'Where a brief leaves it open. What is begun already stays as it is.', outputSaved: 'Saved.', presets: 'Presets', presetsNote: 'Instructions for scripts and adaptations.', catalogs: { script: 'Scripts', novel_to_script: 'Adaptations' }, makeDefault: 'Make this the default', presetName: 'Name', presetText: 'Instructions', presetSaved: 'Presets saved.', newPreset: 'New preset',
  },
};

export type Words = typeof words;

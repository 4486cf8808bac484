import type { Words } from './en';

/** What the rules are called that find something. */
const RULES: Record<string, string> = {
  length: '篇幅', 'repeated-paragraph': '段落重复', 'dead-character-acts': '死者行动', 'meta-text': '书外的话', 'forbidden-words': '禁忌', 'truncated-ending': '没有写完', 'key-line-lost': '丢了关键台词', 'not-read': '未能审读', 'episode-header': '集头', 'scene-numbers': '场次编号', 'no-scene-heading': '缺场景标题', 'unknown-character': '不认识的人物', 'weak-hook': '收尾无力', 'earlier-chapter-redone': '前文已重写',
};

/** Everything the studio says, in Chinese. */
export const words: Words = {
  do: { again: '重试', cancel: '取消', close: '关闭', delete: '删除', rename: '重命名…', save: '保存', undo: '撤销', discard: '放弃', remove: '移除', },
  go: { library: '书房', settings: '设置', skip: '跳到正文', nothing: '此地址没有页面。' },
  palette: { title: '命令', placeholder: '想做什么？', none: '没有这样的命令。', go: '前往', look: '外观' },
  help: { title: '快捷键', escape: '关闭当前窗口', more: '这里的一切也都能通过 API 完成。', api: '接口说明' },
  live: { away: '连接中断，正在重连…' },
  trouble: { title: '无法打开此页面。', reload: '请确认 Fabulist 正在运行，然后重新加载页面。' },
  problems: { unreachable: { text: '连不上 Fabulist。', hint: '请确认它正在运行。已输入的内容不会丢失，恢复后再试一次即可。' } },
  kind: { novel: '小说', script: '剧本', novel_to_script: '改编' },
  status: { queued: '未开始', running: '写作中', waiting: '等你继续', retrying: '稍后重试', paused: '已暂停', succeeded: '已完成', failed: '已停止', canceled: '已取消' },
  counts: { briefs: '份大纲', snapshots: '个快照', runs: '次写作', steps: '个步骤', versions: '个文本版本', manuscripts: '份你自己的文稿', artifacts: '篇文本' },
  first: {
    title: '一处安静的地方，写长的东西。',
    what: '你带来想法和人物，Fabulist 拟定全书计划，一章一章写给你看，随时停下来听你的意见。每一稿都留着，什么也不会被覆盖。',
    rehearse: '写一部排练小说', own: '从我自己的想法开始', rehearsal: '排练在本机离线完成，免费，片刻即成。它只为展示流程，文字只是替身。', connect: '要用真正的模型写作，请这样启动：', which: '有哪些模型可用？',
  },
  sample: {
    title: '夜半守灯人',
    content: {
      premise: '灯塔已经熄了三十年，岛上最后一个守灯人却在楼梯上发现湿漉漉的脚印。弟弟回来卖塔，两人只好一起查清：是谁点亮了那盏他们都记得亲手埋掉的灯。',
      genre: '悬疑', tone: '温柔，略带诡异', style: '句子朴素，贴近感官，冷幽默。', language: 'zh', pov: 'third_limited', tense: 'past',
      characters: [
        { name: '林晚舟', role: '主角', description: '看守着一座什么也不照的灯塔。', goal: '留下来', secret: '当年是她亲手熄的灯' },
        { name: '林远', role: '弟弟', description: '离家二十年，带着一纸合同回来。', goal: '卖掉灯塔' },
        { name: '秦桂枝', role: '邮递员', description: '每张明信片都读两遍。', goal: '等人来问她' },
      ],
      output_spec: { chapter_count: 6, chapter_length: { min: 900, max: 1400, unit: 'chars' } },
    },
  },
  library: {
    title: '书房', untitled: '未命名', create: '新书', search: '搜索', none: (what) => `没有与“${what}”相符的内容。`, fold: (name) => `${name} 的各稿`, menu: (name) => `${name} 的更多操作`, open: '打开', openBrief: '打开大纲', snapshot: '快照', name: '名称',
    adapt: '改编小说', nothingYet: '这份大纲还没有写出任何东西。', deleteSnapshot: (name) => `删除快照 ${name}`,
  },
  remove: {
    title: { brief: (name) => `删除《${name}》以及由它写出的一切？`, snapshot: (name) => `删除快照“${name}”以及由它写出的一切？`, run: (name) => `删除“${name}”？` },
    goes: '将会删除：', stays: '这些是你自己写的，会保留：', bin: '30 天内可用 fabulist bin restore 找回。', done: (name) => `已删除“${name}”。`,
  },
  run: {
    unknownCost: '价格未知', forked: '由另一稿分支而来',
    progress: { novel: (done, total) => `${done} / ${total ?? '?'} 章`, script: (done, total) => `${done} / ${total ?? '?'} 场`, novel_to_script: (done, total) => `${done} / ${total ?? '?'} 集` },
    length: (count, cjk) => (cjk ? `${count} 字` : `${count} 词`), left: (time) => `约剩 ${time}`, gone: '这一稿已被删除。', rehearsal: '排练', rehearsalNote: '由离线的排练模型写成，只是替身，并非作品。',
    plan: '计划', text: '正文', steps: '步骤', ask: '修改', versions: '版本', branches: '分支',
    unit: { novel: (n) => `第 ${n} 章`, script: (n) => `第 ${n} 场`, novel_to_script: (n) => `第 ${n} 集` },
    noPlan: '第一步完成后，计划会出现在这里。', begin: '还没有动笔。“写作”会一直写到结尾；“下一步”每次只做一件事。', notYet: '这一部分还没写。', planned: '已计划', hook: (hook) => `收尾：${hook}`, writing: '正在写', reading: '正在通读', mending: '正在修改', rewriting: '正在重写的段落',
    byHand: '你的文本', draft: '草稿', follow: '跟随写作', previous: '上一章', next: '下一章', turn: '翻页',
  },
  act: {
    next: '下一步', write: '写作', writeOn: '继续写', pause: '暂停', pauseNow: '立即停下', pauseNowNote: '中止进行中的步骤，之后会重做', resume: '继续', again: '重试', toEnd: '写到结尾', toEndNote: '关掉页面也会继续', thisUnit: '写完这一章为止', page: '页面开着就写', pageNote: '由此页面一步接一步推进',
    cancel: '取消写作', fork: '从这里分支', forkNow: '从现在分支', budget: '预算…', forecast: '预估…', gates: '关口…', until: '写到…', draws: '写几稿…', drawsNote: '下一章写几稿，择优采用', drawsLater: '轮到写作时可用', export: '导出…', brief: '大纲', delete: '删除…', stopPage: '停', menu: '更多操作', how: '写到哪里', pageRuns: '由此页面推进。', accept: '照此采用',
    reallyCancel: '取消这次写作？', cancelNote: '写好的都会保留，仍可阅读、导出、分支；但这一稿不能再继续写。', keepRun: '不取消',
  },
  forecast: {
    title: '还要多久、多少', low: '最少', likely: '多半', high: '最多', time: '时间', cost: '花费', calls: '调用', read: '读入 token', written: '写出 token', none: '还无从估计。', range: (low, high) => `${low} 到 ${high}`,
    units: { novel: (n) => `还有 ${n} 章要写。`, script: (n) => `还有 ${n} 场要写。`, novel_to_script: (n) => `还有 ${n} 集要写。` },
    basis: { own_units: (n) => `依据本稿已完成的 ${n} 部分推算。`, other_runs: (n) => `依据用此模型写完的 ${n} 部分推算。`, rule: () => '仅凭经验估计：还没用此模型写过。' },
  },
  gates: { title: '在这些步骤前停下', note: '每到这些步骤之前都会停下来等你放行。', stops: '停在以下步骤前：', change: '更改', set: (n) => `已设 ${n} 个` },
  until: { title: '写到哪里为止', go: '写作', here: '写到这里为止', step: '到这一步完成为止', count: '再走几步', chapter: { novel: '到这一章写完为止', script: '到这一场写完为止', novel_to_script: '到这一集写完为止' } },
  draws: {
    title: '写几稿', go: '开始写', note: '下一章会写出好几稿。按能检查的标准择优采用，其余保留，随时可换。', count: '几稿', drafts: '各稿', rank: (n) => `第 ${n} 名`, taken: '已采用', take: '采用这一稿', chosen: '已采用，接下来会审读。', beats: (told, all) => `写到 ${told} / ${all} 个情节点`, clean: '无可挑剔', found: (errors, warnings) => `${errors} 处有误，${warnings} 处存疑`, read: '阅读', other: '其他稿',
  },
  findings: { title: '发现的问题', kept: (n) => `这里可能有 ${n} 处问题`, severity: { error: '不可保留', warning: '可以保留' }, against: '与此矛盾：', rule: (rule) => RULES[rule] ?? rule },
  locks: { title: '已锁定', lock: '锁定', open: '锁定…', go: '锁定', note: '锁定的文字一字不动：无论谁写，重写、重稿、编辑都碰不到它。', reason: '为什么？', reasonGiven: '保持原样。', whole: '全文', free: '解锁' },
  state: { guidance: '长期要求', outline: '计划', scene_list: '计划', episode_plan: '计划', chapters: '章', scenes: '场', episodes: '集', characters: '人物', title: '标题', summary: '内容', core: '内容', hook: '收尾', text: '文字', cursor: '写到哪里' },
  passage: { which: '哪些段落', all: '全文；也可以选择段落：', some: (n) => `${n} 段`, selected: '选中的文字' },
  rewrite: { title: '改写一段', open: '改写…', go: '改写', busy: '正在写…', note: '其余部分一字不动，旧文本留在版本里。', instruction: '该有什么不同？', placeholder: '短一些，让她话到嘴边留半句。' },
  branches: { picture: (n) => `${n} 个分支的树形图`, fromStart: '从头分支', none: '可以从任意一步分支出去，各走各的，原稿不动。在这里分支，或从某一步分支。', after: (step) => `始于第 ${step} 步之后` },
  why: {
    title: '为什么停下', redraft: '重写', intervene: '告诉写作者…', pass: '放行', raise: '提高预算…',
    person: '你暂停了它。', gate: '停在你设下的关口。', budget: '预算已用完。', daily_cap: '已达今日上限。', findings: '这一章有与故事矛盾之处。', 'artifact-moved-on': '写作期间你改动了这一章。', drains: '先完成进行中的步骤。', retry: (at, reason) => `${at}重试：${reason}`, before: (step) => `下一步：${step}`, resumeFindings: '可以据此重写，也可照此采用。',
  },
  budget: { title: '预算', cost: '最多花费（美元）', tokens: '最多 token 数', spent: (cost, tokens) => `已用：${cost}，${tokens} token。`, none: '留空表示不限。' },
  stepName: { outline: '规划全书', scene_list: '规划场次', beats: '规划本章', draft: '写作', extract: '记录发生的事', critique: '审读', fix: '修改', commit: '定稿', reread: '阅读你的改动', breakdown: '拆解章节', plan: '划分集数', import: '导入', intervention: '你的指示', edit: '你的改动', done: '完成', 'season.plan': '规划全季' },
  step: {
    none: '每一步都会出现在这里：用时、花费、模型看到了什么。', attempt: (n) => `第 ${n} 次`, calls: (n) => `${n} 次调用`, tokens: (n) => `${n} token`, saw: '模型看到了什么', said: '模型的回答', took: '用时', close: '返回步骤', revert: '撤销这一步', reverted: '已撤销。', partial: '停下之前写出的内容', causes: '原因', noCalls: '没有调用模型。',
    came: { length: '篇幅', round: '轮次', verdict: '结论', findings: '问题', scores: '评分', chapters: '章', scenes: '场', episodes: '集', beats: '情节点', reverted: '步骤', chosen: '稿', of_step: '所属步骤' },
    status: { running: '进行中', succeeded: '完成', failed: '失败', canceled: '已中止' }, loading: '载入中…', included: (used, budget) => `${used} / ${budget} token`,
  },
  ask: { title: '改变走向', placeholder: '告诉写作者，从这里起该有什么不同…', what: '像对合著者那样说。先看会改什么，点“应用”之前什么也不会动。', preview: '预览', apply: '应用', applied: '已应用', would: '将会改动：', did: '改动了：', nothing: '什么也不会改。', you: '你', studio: 'Fabulist', undo: '撤销', undone: '已撤销', thinking: '思考中…', },
  edit: {
    edit: '编辑', save: '存为我的版本', title: '标题', text: '正文', saved: '已存为新版本。', unsaved: '尚未保存，已留在此浏览器中。', restored: '这是你上次写了但没保存的内容。', differs: '有何不同', discard: '放弃我的改动', conflict: '你写作时有人保存了更新的版本。', theirs: '最新版本', mine: '你的文本', keepMine: '用我的覆盖', takeTheirs: '采用最新的', conflictNote: '无论选哪个，两者都留在版本里。',
    versions: '版本', number: (n) => `版本 ${n}`, byYou: '你写的', byModel: '模型写的', latest: '最新', restore: '恢复', restoredVersion: '已恢复为新版本。', same: '没有差别。', back: '返回正文', against: (n) => `与版本 ${n} 相比`,
  },
  exporting: { title: '导出', format: '格式', ranges: '只导出部分（如 1-5,8）', all: '全部', download: '下载', formats: { md: 'Markdown', txt: '纯文本', fountain: 'Fountain', screenplay: '剧本页面', html: '网页', epub: 'EPUB', docx: 'Word', pdf: 'PDF', fdx: 'Final Draft' } },
  brief: {
    title: '书名', idea: '构思', premise: '故事前提', premiseHint: '谁想要什么，什么阻碍着他，为什么是现在？几句话就够。', logline: '一句话', genre: '类型', tone: '基调', setting: '时间与地点', people: '人物', name: '姓名', role: '身份', description: '是怎样的人', goal: '想要', secret: '隐瞒', voice: '说话的样子', addPerson: '添加人物', removePerson: (name) => `移除${name || '此人'}`, noPeople: '还没有人物。两三个愿望相左的人就能撑起一本书。',
    manner: '写法', style: '文风', styleSample: '想要的文字，举一段为例', pov: '视角', povs: { first: '第一人称', third_limited: '第三人称（贴近一人）', third_omniscient: '第三人称（全知）' }, tense: '时态', language: '书的语言', notSaid: '未指定', forbidden: '禁忌', forbiddenHint: '每行一样绝不能出现的东西', size: '篇幅', chapters: '章数', scenes: '场数（剧本）', from: '每章字数，从', to: '到', unit: '计量单位', units: { words: '词', chars: '字' },
    saved: '已保存', saving: '保存中…', unsaved: '尚未保存，已留在此浏览器中。', snapshot: '存快照', snapshots: '快照', snapshotLabel: '用途（可不填）', snapshotTaken: '快照已存。', changes: '改了什么', since: '自', noSnapshots: '快照把大纲定格；每本书都从一个快照写起。', same: '没有改动。', write: '开始写', template: '从模板开始', templateNote: '只填空白处，你写的不动。', newer: '已保存的大纲比你在此输入的更新。', takeSaved: '采用已保存的', keepMine: '保留我的', warnings: '保留但未识别：',
  },
  begin: { title: '由这份大纲写作', kind: '写什么', model: '模型', otherModel: '其他（provider/model）', budget: '最多花费（美元，留空不限）', preset: '预设', how: '方式', auto: '一直写到结尾', byStep: '一步一步来', start: '开始', free: '免费，离线', price: (input, output) => `每百万 token：输入 ${input}，输出 ${output}`, label: '名称（可不填）', defaultPreset: '默认预设' },
  adapt: {
    title: '改编小说', what: '把小说拖到这里（纯文本或 Markdown）。先看分章结果，开始之前什么也不会写。', choose: '选择文件', another: '换一个文件', looking: '正在识别章节…', chapters: (n) => `${n} 章`, encoding: '编码', notStory: '可能不属于正文，已略去：', keepIt: '保留这些段落', noHeadings: '没有章节标题时，每隔多少字分章', how: '怎样分集',
    split: { chapter_unit: '一章一集', auto_by_length: '按篇幅', by_episode_count: '指定集数' }, episodes: '集数', start: '开始', planFirst: '全季规划之后先停下，让我修改',
  },
  redo: { open: '重写…', redo: '重写', title: (unit) => `重写${unit}`, note: '现有文本会留在版本里，继续写作时重写。', instruction: '该有什么不同？（可不填）', done: '继续写作时将会重写。' },
  plan: { edit: '修改计划', title: '计划', number: '序号', name: '标题', summary: '内容', hook: '收尾', saved: '计划已修改。', note: '已写好的不变，其余按新计划写。', restored: '这是你上次改了但没保存的内容。' },
  compare: { title: '并排对照', with: '对照', same: '相同', changed: (inserted, deleted) => `增 ${inserted} 删 ${deleted}`, findings: (n) => `${n} 处问题`, only: '仅此处有', none: '这里还没写。' },
  settings: {
    title: '设置', look: '外观', theme: '主题', themes: { system: '跟随系统', light: '浅色', dark: '深色' }, useLight: '浅色主题', useDark: '深色主题', language: '语言', models: '可用的模型', ollama: '请在本机启动 Ollama，或设置 OLLAMA_HOST', ready: '可用', needs: (what) => `请设置 ${what}`, default: '默认', also: '另有', modelsNote: '密钥在 Fabulist 启动时从环境变量读取，从不保存或显示。', output: '新书', outputNote: '大纲没有写明时按这里的来；已经开始的不受影响。', outputSaved: '已保存。', presets: '预设', presetsNote: '写剧本与改编时的指示。', catalogs: { script: '剧本', novel_to_script: '改编' }, makeDefault: '设为默认', presetName: '名称', presetText: '指示', presetSaved: '预设已保存。', newPreset: '新预设',
  },
};

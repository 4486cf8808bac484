import type { Schema } from './api';
import type { Code } from './language.svelte';

/** A beginning: what kind of book, and how it tends to sound. The idea and the people stay the writer's own. */
export interface Template {
  name: string;
  content: Schema['BriefContent'];
}

const person = (role: string, goal: string, secret: string) => ({ name: '', role, goal, secret });
const size = (chapter_count: number, min: number, max: number, unit: 'words' | 'chars') => ({ chapter_count, chapter_length: { min, max, unit } });

const TEMPLATES: Record<Code, Template[]> = {
  en: [
    { name: 'Mystery', content: { genre: 'mystery', tone: 'dry, watchful', style: 'Concrete detail. Clues in plain sight.', language: 'en', pov: 'first', tense: 'past', characters: [person('the one who looks', 'to know what happened', 'was there that night'), person('the one who is looked for', 'to be left alone', 'knows who did it')], output_spec: size(16, 1800, 2600, 'words') } },
    { name: 'Romance', content: { genre: 'romance', tone: 'warm, funny', style: 'Quick dialogue, long glances.', language: 'en', pov: 'third_limited', tense: 'past', characters: [person('one of two', 'never to need anybody again', 'already does'), person('the other', 'to stay', 'is about to leave')], output_spec: size(14, 1800, 2600, 'words') } },
    { name: 'Fantasy', content: { genre: 'fantasy', tone: 'grave, with wonder', style: 'Few invented words; magic has a price.', language: 'en', pov: 'third_limited', tense: 'past', characters: [person('the unlikely one', 'to go home', 'has no home left'), person('the guide', 'to be forgiven', 'led others here before')], output_spec: size(24, 2200, 3200, 'words') } },
    { name: 'Literary novel', content: { genre: 'literary fiction', tone: 'quiet, exact', style: 'Long breath, few adjectives, no explanations.', language: 'en', pov: 'third_limited', tense: 'present', output_spec: size(12, 2500, 3500, 'words') } },
  ],
  zh: [
    { name: '悬疑', content: { genre: '悬疑', tone: '冷静，处处留心', style: '细节具体，线索摆在明处。', language: 'zh', pov: 'first', characters: [person('追查的人', '弄清那晚发生了什么', '那晚自己也在场'), person('被追查的人', '不被打扰', '知道凶手是谁')], output_spec: size(16, 2000, 3000, 'chars') } },
    { name: '言情', content: { genre: '言情', tone: '温暖，风趣', style: '对白轻快，眼神绵长。', language: 'zh', pov: 'third_limited', characters: [person('两人之一', '再也不需要任何人', '已经离不开对方'), person('另一个', '留下来', '就要离开')], output_spec: size(20, 2000, 3000, 'chars') } },
    { name: '玄幻', content: { genre: '玄幻', tone: '恢弘，有敬畏', style: '少造新词，法术皆有代价。', language: 'zh', pov: 'third_limited', characters: [person('最不像主角的人', '回家', '家已经不在了'), person('引路人', '求得原谅', '曾带别人来过')], output_spec: size(40, 2500, 3500, 'chars') } },
    { name: '年代家庭', content: { genre: '家庭小说', tone: '平实，克制', style: '白描，少形容，不解释。', language: 'zh', pov: 'third_omniscient', output_spec: size(24, 2500, 3500, 'chars') } },
  ],
};

export const templates = (code: Code): Template[] => TEMPLATES[code];

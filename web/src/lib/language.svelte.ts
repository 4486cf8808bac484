import type { Words } from '../words/en';

export type Code = 'en' | 'zh';

const catalogs: Record<Code, () => Promise<{ words: Words }>> = {
  en: () => import('../words/en'),
  zh: () => import('../words/zh'),
};
const KEPT = 'fabulist.language';

/** The language of the studio itself, not of the books in it. */
class Language {
  code = $state<Code>('en');
  #words = $state.raw<Words>();

  get words(): Words {
    if (!this.#words) throw new Error('no language was chosen');
    return this.#words;
  }

  /** The language that was chosen last, or the browser's. */
  async begin(): Promise<void> {
    const kept = localStorage.getItem(KEPT);
    await this.#speak(kept === 'en' || kept === 'zh' ? kept : navigator.language.startsWith('zh') ? 'zh' : 'en');
  }

  async choose(code: Code): Promise<void> {
    localStorage.setItem(KEPT, code);
    await this.#speak(code);
  }

  async #speak(code: Code): Promise<void> {
    this.#words = (await catalogs[code]()).words;
    this.code = code;
    document.documentElement.lang = code === 'zh' ? 'zh-Hans' : 'en';
  }
}

export const language = new Language();
/** The words of the language that is spoken now. */
export const say = (): Words => language.words;

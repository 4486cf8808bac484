export type Choice = 'system' | 'light' | 'dark';

const KEPT = 'fabulist.theme';

/** Light or dark; `look.js` does the same before the first paint. */
class Theme {
  choice = $state<Choice>((localStorage.getItem(KEPT) as Choice | null) ?? 'system');

  choose(choice: Choice): void {
    this.choice = choice;
    if (choice === 'system') {
      localStorage.removeItem(KEPT);
      delete document.documentElement.dataset.theme;
    } else {
      localStorage.setItem(KEPT, choice);
      document.documentElement.dataset.theme = choice;
    }
  }
}

export const theme = new Theme();

import type { Trouble } from './api';

export interface Toast {
  id: number;
  text: string;
  hint?: string;
  /** Troubles stay until they are put away. */
  trouble: boolean;
  undo?: () => void;
}

/** What is said in passing: what was done, and trouble that belongs to no place on the page. */
class Toasts {
  list = $state<Toast[]>([]);
  #last = 0;

  say(text: string, undo?: () => void): void {
    this.#add({ id: ++this.#last, text, trouble: false, undo }, undo ? 10_000 : 4_000);
  }

  trouble(trouble: Trouble, say: (trouble: Trouble) => { text: string; hint: string }): void {
    this.#add({ id: ++this.#last, ...say(trouble), trouble: true });
  }

  drop(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  #add(toast: Toast, after?: number): void {
    this.list = [...this.list.slice(-3), toast];
    if (after) setTimeout(() => this.drop(toast.id), after);
  }
}

export const toasts = new Toasts();

import { untrack } from 'svelte';

export interface Command {
  /** Stable: the same command said twice is one command. */
  id: string;
  name: string;
  /** One key, without modifiers, or `g` and a key: `n`, `?`, `g l`. */
  key?: string;
  group?: string;
  run: () => void;
}

/** Whether keys go into a field now, and belong to it. */
function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** What can be done on this page, by the palette or by a key. */
class Commands {
  #groups = $state.raw<{ of: object; commands: () => Command[] }[]>([]);
  palette = $state(false);
  help = $state(false);
  #first = '';

  /** All commands; those of the innermost page come first. */
  get all(): Command[] {
    return this.#groups.toReversed().flatMap((group) => group.commands());
  }

  /** Offers commands until the returned function is called. */
  offer(commands: () => Command[]): () => void {
    const of = {};
    // Whoever offers does not depend on what others offer.
    untrack(() => (this.#groups = [...this.#groups, { of, commands }]));
    return () => untrack(() => (this.#groups = this.#groups.filter((group) => group.of !== of)));
  }

  press(event: KeyboardEvent): void {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      this.palette = !this.palette;
      return;
    }
    if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (document.querySelector('dialog[open]')) return;
    const pressed = this.#first ? `${this.#first} ${event.key}` : event.key;
    this.#first = '';
    const command = this.all.find((command) => command.key === pressed);
    if (command) {
      event.preventDefault();
      command.run();
    } else if (event.key === 'g') {
      this.#first = 'g';
      setTimeout(() => (this.#first = ''), 1_200);
    }
  }
}

export const commands = new Commands();

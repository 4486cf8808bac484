import type { Length } from './api';
import { language } from './language.svelte';

const locale = () => (language.code === 'zh' ? 'zh-Hans' : 'en');

export const number = (value: number): string => value.toLocaleString(locale());

export function when(time: string): string {
  return new Date(time).toLocaleString(locale(), { dateStyle: 'medium', timeStyle: 'short' });
}

/** How long ago, in the largest unit that fits. */
export function ago(time: string, now = Date.now()): string {
  const seconds = Math.round((Date.parse(time) - now) / 1000);
  const units = [['day', 86_400], ['hour', 3_600], ['minute', 60]] as const;
  const relative = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' });
  for (const [unit, length] of units) if (Math.abs(seconds) >= length) return relative.format(Math.round(seconds / length), unit);
  return relative.format(0, 'second');
}

/** A span of milliseconds, with the two largest units at most. */
export function span(ms: number): string {
  const zh = language.code === 'zh';
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ${zh ? '毫秒' : 'ms'}`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} ${zh ? '秒' : 's'}`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} ${zh ? '分钟' : 'min'}`;
  const hours = Math.floor(minutes / 60);
  return `${hours} ${zh ? '小时' : 'h'} ${minutes % 60} ${zh ? '分钟' : 'min'}`;
}

/** Dollars; an unknown price is said to be unknown, never zero. */
export function money(usd: number | null, unknown: string): string {
  if (usd === null) return unknown;
  return `$${usd.toFixed(usd > 0 && usd < 0.1 ? 4 : 2)}`;
}

/** Words, or characters where the book is written in them. */
export function length(length: Length, cjk: boolean): number {
  return cjk ? length.chars : length.words;
}

/** Whether a language counts its texts in characters. */
export const countsCharacters = (tag: string | undefined): boolean => /^(zh|ja)\b/i.test(tag ?? '');

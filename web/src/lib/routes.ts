import type { Component } from 'svelte';

type Page = Component<any>;
/** A page, fetched when it is opened, and what its address says to it. */
interface Route {
  pattern: RegExp;
  load: () => Promise<{ default: Page }>;
  name: string;
}

const ID = '([0-9a-f-]{36})';
const routes: Route[] = [
  { name: 'library', pattern: /^\/$/, load: () => import('../pages/library/Library.svelte') },
  { name: 'run', pattern: new RegExp(`^/runs/${ID}(?:/([0-9]+))?$`), load: () => import('../pages/run/RunPage.svelte') },
  { name: 'compare', pattern: new RegExp(`^/runs/${ID}/compare/${ID}$`), load: () => import('../pages/compare/Compare.svelte') },
  { name: 'adapt', pattern: /^\/adapt$/, load: () => import('../pages/adapt/Adapt.svelte') },
  { name: 'brief', pattern: new RegExp(`^/briefs/${ID}$`), load: () => import('../pages/brief/BriefPage.svelte') },
  { name: 'settings', pattern: /^\/settings$/, load: () => import('../pages/settings/Settings.svelte') },
];

/** The page of an address, with the parts of the address that are its own. */
export function routeOf(path: string): { route: Route; parts: string[] } | undefined {
  for (const route of routes) {
    const match = route.pattern.exec(path);
    if (match) return { route, parts: match.slice(1) };
  }
  return undefined;
}

import AxeBuilder from '@axe-core/playwright';
import { expect, reader, test, type Page, type Studio } from './support/studio';

async function findsNothing(page: Page, where: string): Promise<void> {
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))));
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${where}: ${id}: ${nodes[0]?.html} ${nodes[0]?.any[0]?.message ?? ''}`)).toEqual([]);
}

/** A script, written to its end. */
async function script(studio: Studio): Promise<any> {
  const brief = await studio.post('/briefs', { title: 'The Lamp, Played', content: { premise: 'A lamp burns in a house where nobody lives.', output_spec: { scene_count: 2 } } });
  const snapshot = await studio.post(`/briefs/${brief.id}/snapshots`);
  const run = await studio.post('/workflow-runs', { kind: 'script', brief_snapshot_id: snapshot.id, model: 'rehearsal', autorun: true });
  await expect.poll(async () => (await studio.get(`/workflow-runs/${run.id}`)).status).toBe('succeeded');
  return run;
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on any part of a run, ${colorScheme}`, async ({ page, studio }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const run = await studio.written();
    await studio.post(`/workflow-runs/${run.id}/fork`, { at_step: 6, label: 'Another end' });
    const played = await script(studio);
    await page.goto(`${studio.url}/runs/${played.id}/1`);
    await expect(reader(page).locator('.script p').first()).toBeVisible();
    await findsNothing(page, 'script');

    await page.goto(`${studio.url}/runs/${run.id}/1`);
    await expect(reader(page).locator('.prose p').first()).toBeVisible();
    await page.keyboard.press('b');
    await expect(page.getByRole('img', { name: 'The tree of 2 branches' })).toBeVisible();
    await findsNothing(page, 'branches');
    await page.keyboard.press('i');
    await findsNothing(page, 'ask');
    await page.getByRole('tab', { name: 'Steps' }).click();
    await page.getByRole('tabpanel').getByRole('button', { name: /^Write/ }).first().click();
    await page.locator('summary').filter({ hasText: 'rehearsal' }).first().click();
    await findsNothing(page, 'step');
    await reader(page).getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByRole('textbox', { name: 'Text' }).fill('Mine.');
    await findsNothing(page, 'editor');
    await page.getByRole('button', { name: 'Save as my version' }).click();
    await reader(page).getByRole('button', { name: /^Versions/ }).click();
    await expect(reader(page).locator('ins, del').first()).toBeVisible();
    await findsNothing(page, 'versions');
  });

  test(`axe finds nothing in any open dialog, ${colorScheme}`, async ({ page, studio }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const run = await studio.written();
    const begun = await studio.novel({ model: 'rehearsal' });
    await studio.post(`/workflow-runs/${begun.id}/next`);
    const open = async (name: string, act: () => Promise<void>) => {
      await act();
      await expect(page.getByRole('dialog')).toBeVisible();
      await findsNothing(page, name);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toHaveCount(0);
    };
    const menu = (button: string, item: RegExp) => async () => {
      await page.getByRole('button', { name: button }).first().click();
      await page.getByRole('menuitem', { name: item }).click();
    };
    await page.goto(`${studio.url}/runs/${begun.id}`);
    await expect(page.getByText('Waiting for you')).toBeVisible();
    await page.getByRole('button', { name: 'More to do' }).click();
    await findsNothing(page, 'menu');
    await page.keyboard.press('Escape');
    for (const item of [/^Forecast/, /^Gates/, /^Budget/, /^Cancel/, /^Delete/]) await open(String(item), menu('More to do', item));
    await open('until', menu('How far to write', /^Until…/));
    await open('plan', async () => page.getByRole('button', { name: 'Edit the plan' }).click());
    await open('keys', async () => page.keyboard.press('?'));
    await page.goto(`${studio.url}/runs/${run.id}/1`);
    await expect(reader(page).locator('.prose p').first()).toBeVisible();
    for (const button of ['Export…', 'Rewrite…', 'Lock…', 'Write again…']) await open(button, async () => page.getByRole('button', { name: button }).first().click());
    await page.goto(studio.url);
    await open('rename', menu('More for Novel', /^Rename/));
    await open('delete', menu('More for The Lamp', /^Delete/));
    await page.goto(`${studio.url}/briefs/${run.brief_id}`);
    await open('begin', async () => page.getByRole('button', { name: 'Write it' }).click());
  });
}

test('the tree of branches is walked by keys, and two of them are set side by side', async ({ page, studio }) => {
  const run = await studio.written();
  const other = await studio.post(`/workflow-runs/${run.id}/fork`, { at_step: 6, label: 'Another end' });
  await studio.post(`/workflow-runs/${other.id}/autorun/start`);
  await expect.poll(async () => (await studio.get(`/workflow-runs/${other.id}`)).status).toBe('succeeded');
  await page.goto(`${studio.url}/runs/${run.id}`);
  await expect(page.getByText('Finished', { exact: true }).first()).toBeVisible();
  await page.keyboard.press('b');
  const branches = page.getByRole('list', { name: 'Branches' });
  await expect(branches.getByRole('listitem')).toHaveCount(2);
  await expect(branches).toContainText('after step 6');
  await branches.getByRole('link', { name: /^Another end/ }).focus();
  await page.keyboard.press('Tab');
  await expect(branches.getByRole('link', { name: 'Compare' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Side by side' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Another end' })).toBeVisible();
  await expect(page.locator('section .prose')).toHaveCount(2);
});

test('where one is, is seen: what has the focus has a ring, and a dialog gives it back', async ({ page, studio }) => {
  const run = await studio.novel({ model: 'rehearsal' });
  await page.goto(`${studio.url}/runs/${run.id}`);
  await expect(page.getByRole('button', { name: 'Next step' })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the page' })).toBeFocused();
  const order: string[] = [];
  for (let i = 0; i < 9; i++) {
    await page.keyboard.press('Tab');
    const { name, ring } = await page.evaluate(() => {
      const at = document.activeElement as HTMLElement;
      const style = getComputedStyle(at);
      return { name: at.getAttribute('aria-label') ?? at.innerText.trim(), ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 };
    });
    expect(ring, name).toBe(true);
    order.push(name);
  }
  expect(order.indexOf('Next step')).toBeLessThan(order.indexOf('More to do'));
  await page.getByRole('button', { name: 'How far to write' }).focus();
  await page.keyboard.press('Enter');
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Until…' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'How far to write' })).toBeFocused();
});

test('whoever wants no motion gets none', async ({ page, studio, model }) => {
  model.words = 600;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const run = await studio.novel({ autorun: true, model: 'openai/slow' });
  await page.goto(`${studio.url}/runs/${run.id}`);
  await expect.poll(async () => (await reader(page).locator('.prose').innerText().catch(() => '')).length).toBeGreaterThan(100);
  const moving = await page.evaluate(() => document.getAnimations().filter((animation) => animation.playState === 'running' && Number(animation.effect?.getComputedTiming().duration) > 1).length);
  expect(moving).toBe(0);
});

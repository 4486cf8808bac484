import AxeBuilder from '@axe-core/playwright';
import { expect, reader, test, type Page, type Studio } from './support/studio';

/** Every page, with something on it. */
async function pages(studio: Studio): Promise<Record<string, string>> {
  const run = await studio.written();
  const begun = await studio.novel({ model: 'rehearsal' });
  return { library: '/', run: `/runs/${run.id}/1`, begun: `/runs/${begun.id}`, brief: `/briefs/${run.brief_id}`, settings: '/settings', adapt: '/adapt', compare: `/runs/${run.id}/compare/${begun.id}` };
}

async function findsNothing(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${where}: ${id}: ${nodes[0]?.html}`)).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on any page, ${colorScheme}`, async ({ page, studio }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto(studio.url);
    await expect(page.getByRole('button', { name: 'Write a rehearsal novel' })).toBeVisible();
    await findsNothing(page, 'first visit');
    for (const [name, path] of Object.entries(await pages(studio))) {
      await page.goto(studio.url + path);
      await page.waitForLoadState('load');
      await expect(page.locator('h1').first()).not.toBeEmpty();
      await page.waitForTimeout(300);
      await findsNothing(page, name);
    }
    await page.goto(studio.url);
    await expect(page.getByRole('heading', { name: 'Library' })).toBeVisible();
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('combobox')).toBeFocused();
    await findsNothing(page, 'palette');
  });
}

test('on a phone nothing is wider than the page, and every part can be reached', async ({ page, studio }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const [name, path] of Object.entries(await pages(studio))) {
    await page.goto(studio.url + path);
    await expect(page.locator('h1').first()).not.toBeEmpty();
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wider, name).toBeLessThanOrEqual(0);
    if (name !== 'run') continue;
    await page.getByRole('button', { name: 'Plan', exact: true }).click();
    await page.getByRole('navigation').getByRole('button').nth(1).click();
    await expect(page.getByText('Chapter 2', { exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'Steps', exact: true }).click();
    await expect(page.getByRole('tab', { name: 'Change' })).toBeVisible();
  }
});

test('everything speaks Chinese where that is chosen, and a Chinese book is set as one', async ({ page, studio }) => {
  await page.goto(`${studio.url}/settings`);
  await page.getByLabel('Language').selectOption('zh');
  await expect(page.getByRole('heading', { name: '设置' })).toBeVisible();
  await page.goto(studio.url);
  await page.getByRole('button', { name: '写一部排练小说' }).click();
  await expect(page.getByText('已完成', { exact: true })).toBeVisible();
  await expect(page.getByText('6 / 6 章').first()).toBeVisible();
  await expect(reader(page).locator('.prose')).toHaveAttribute('lang', 'zh');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hans');
  await expect(page.getByText(/\d+ 字/).first()).toBeVisible();
});

test('a book is written and read by keys alone', async ({ page, studio }) => {
  const run = await studio.novel({ model: 'rehearsal' });
  await page.goto(studio.url);
  await expect(page.getByRole('link', { name: 'Novel', exact: true })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('lamp novel');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${studio.url}/runs/${run.id}`);
  await expect(page.getByRole('button', { name: 'Next step' })).toBeVisible();
  await page.keyboard.press('n');
  await expect(page.getByText('Waiting for you')).toBeVisible();
  await page.keyboard.press('w');
  await expect(page.getByText('Finished', { exact: true })).toBeVisible();
  await page.keyboard.press('j');
  await expect(page.getByText('Chapter 2', { exact: true })).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toContainText('Next step');
  await page.keyboard.press('Escape');
  await page.keyboard.press('e');
  await expect(page.getByRole('textbox', { name: 'Text' })).toBeFocused();
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await expect(page).toHaveURL(`${studio.url}/`);
});

test('the theme that was chosen is there before the first paint', async ({ page, studio }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto(`${studio.url}/settings`);
  await page.getByLabel('Theme').selectOption('dark');
  await page.reload({ waitUntil: 'commit' });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(background).toBe('rgb(20, 18, 16)');
});

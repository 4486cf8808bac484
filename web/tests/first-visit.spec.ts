import { readFile } from 'node:fs/promises';
import { expect, reader, test } from './support/studio';

test('an empty installation becomes an exported novel', async ({ page, studio }) => {
  await page.goto(studio.url);
  await expect(page.getByText('fabulist --model')).toBeVisible();
  await page.getByRole('button', { name: 'Write a rehearsal novel' }).click();
  await expect(page.getByText('Finished', { exact: true })).toBeVisible();
  await expect(page.getByText('6 of 6 chapters').first()).toBeVisible();
  await expect(page.getByText('Rehearsal', { exact: true })).toBeVisible();

  const plan = page.getByRole('navigation', { name: 'Plan' }).first();
  await plan.getByRole('button').nth(1).click();
  await expect(page.getByText('Chapter 2', { exact: true })).toBeVisible();
  await expect(reader(page).locator('.prose p').first()).toBeVisible();

  await page.getByRole('button', { name: 'Export…' }).click();
  await page.getByLabel('Only some (like 1-5,8)').fill('1-2');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download' }).click()]);
  expect(download.suggestedFilename()).toBe('The Keeper of Small Hours.md');
  const text = await readFile(await download.path(), 'utf8');
  expect(text).toContain('# The Keeper of Small Hours');
  expect(text.match(/^## /gm)).toHaveLength(2);
});

test('the first load is small, and nothing of it comes from elsewhere', async ({ page, studio }) => {
  let bytes = 0;
  page.on('requestfinished', async (request) => {
    const sizes = await request.sizes();
    bytes += sizes.responseBodySize;
  });
  await page.goto(studio.url);
  await expect(page.getByRole('button', { name: 'Write a rehearsal novel' })).toBeVisible();
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(200_000);
});

test('what was written is found, renamed and deleted, and what would go is said first', async ({ page, studio }) => {
  const run = await studio.written();
  await studio.post('/briefs', { title: 'Another idea', content: {} });
  await page.goto(studio.url);
  await page.getByRole('searchbox').fill('lamp');
  await expect(page.getByRole('link', { name: 'Another idea' })).toHaveCount(0);

  await page.getByRole('button', { name: 'More for Novel' }).click();
  await page.getByRole('menuitem', { name: 'Rename…' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('First draft');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('link', { name: 'First draft' })).toBeVisible();
  expect((await studio.get(`/workflow-runs/${run.id}`)).label).toBe('First draft');

  await page.getByRole('button', { name: 'More for The Lamp' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page.getByRole('dialog')).toContainText('3 versions of texts');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('link', { name: 'The Lamp' })).toHaveCount(0);
  expect((await studio.get('/briefs')).items).toHaveLength(1);
});

test('the library follows what happens elsewhere', async ({ page, studio }) => {
  await page.goto(studio.url);
  await expect(page.getByRole('button', { name: 'Start from my own idea' })).toBeVisible();
  await studio.written();
  await expect(page.getByRole('link', { name: 'The Lamp' })).toBeVisible();
  await expect(page.getByText('Finished', { exact: true })).toBeVisible();
});

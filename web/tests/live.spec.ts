import { expect, reader, test } from './support/studio';

test('two tabs see the same words as they are written, and a reload shows the draft so far', async ({ context, studio, model }) => {
  model.words = 700;
  const run = await studio.novel({ autorun: true, model: 'openai/slow' });
  const [one, two] = [await context.newPage(), await context.newPage()];
  await Promise.all([one.goto(`${studio.url}/runs/${run.id}`), two.goto(`${studio.url}/runs/${run.id}`)]);
  const prose = (page: typeof one) => reader(page).locator('.prose').innerText();
  await expect.poll(async () => (await prose(one)).length).toBeGreaterThan(300);
  const early = (await prose(one)).slice(0, 250);
  await expect.poll(() => prose(two)).toContain(early);

  await one.reload();
  await expect.poll(async () => (await prose(one)).slice(0, 250)).toBe(early);
  await expect(reader(one).getByText('Write', { exact: true })).toBeVisible();
  const soFar = (await prose(one)).length;
  await expect.poll(async () => (await prose(one)).length).toBeGreaterThan(soFar + 50);
});

test('a server that dies and comes back is followed on without a reload', async ({ page, studio, model }) => {
  model.words = 400;
  const run = await studio.novel({ autorun: true, model: 'openai/slow' });
  await page.goto(`${studio.url}/runs/${run.id}`);
  await expect.poll(async () => (await reader(page).locator('.prose').innerText()).length).toBeGreaterThan(100);
  await studio.kill();
  await expect(page.getByText('Not connected. Trying again…')).toBeVisible();
  model.pause = 1;
  await studio.start();
  await expect(page.getByText('Not connected. Trying again…')).toHaveCount(0);
  await expect(page.getByText('3 of 3 chapters').first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('Finished', { exact: true })).toBeVisible();
});

test('two hundred words a second are shown without a long frame', async ({ page, studio, model }) => {
  model.words = 900;
  model.pause = 4;
  const run = await studio.novel({ model: 'openai/slow' });
  await page.goto(`${studio.url}/runs/${run.id}`);
  await expect(page.getByRole('button', { name: 'Write', exact: true })).toBeVisible();
  await page.evaluate(() => {
    const long: number[] = ((window as any).long = []);
    new PerformanceObserver((list) => long.push(...list.getEntries().map((entry) => entry.duration))).observe({ entryTypes: ['longtask'] });
  });
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  await expect.poll(async () => (await reader(page).locator('.prose').innerText().catch(() => '')).length, { timeout: 60_000 }).toBeGreaterThan(3_500);
  const long: number[] = await page.evaluate(() => (window as any).long);
  expect(long.filter((ms) => ms > 300)).toEqual([]);
});

test('five hundred chapters at full speed stay smooth, and only what is seen is in the page', async ({ page, studio }) => {
  const spec = { chapter_count: 500, chapter_length: { min: 100, max: 200, unit: 'words' } };
  const run = await studio.novel({ model: 'rehearsal' }, { output_spec: spec });
  await studio.post(`/workflow-runs/${run.id}/next`);
  await page.goto(`${studio.url}/runs/${run.id}`);
  await expect(page.getByRole('button', { name: 'Write on' })).toBeVisible();
  await page.evaluate(() => {
    const long: number[] = ((window as any).long = []);
    new PerformanceObserver((list) => long.push(...list.getEntries().map((entry) => entry.duration))).observe({ entryTypes: ['longtask'] });
  });
  await page.getByRole('button', { name: 'Write on' }).click();
  await expect.poll(async () => (await studio.get(`/workflow-runs/${run.id}`)).progress.done, { timeout: 60_000 }).toBeGreaterThan(40);
  const plan = page.getByRole('list', { name: 'Plan' });
  await plan.evaluate((list) => list.parentElement?.scrollTo(0, 400 * 56));
  await expect(plan.getByText('401', { exact: true })).toBeVisible();
  expect(await plan.getByRole('listitem').count()).toBeLessThan(60);
  expect(await page.getByRole('tabpanel').getByRole('listitem').count()).toBeLessThan(60);
  const long: number[] = await page.evaluate(() => (window as any).long);
  expect(long.filter((ms) => ms > 500)).toEqual([]);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByText('You paused it.')).toBeVisible();
});

import { expect, reader, test, type Page } from './support/studio';

/** As the browser does with a page behind a closed lid: nothing in it runs. */
async function lid(page: Page, closed: boolean): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Page.setWebLifecycleState', { state: closed ? 'frozen' : 'active' });
}

test('a laptop that is closed while the book is written shows the truth when it is opened, without a reload', async ({ page, context, studio, model }) => {
  model.words = 260;
  const run = await studio.novel({ autorun: true, model: 'openai/slow' });
  await page.goto(`${studio.url}/runs/${run.id}`);
  await expect.poll(async () => (await reader(page).locator('.prose').innerText().catch(() => '')).length).toBeGreaterThan(100);
  await page.evaluate(() => ((window as any).sameThroughout = true));
  await lid(page, true);
  await context.setOffline(true);
  model.pause = 0;
  await expect.poll(async () => (await studio.get(`/workflow-runs/${run.id}`)).status, { timeout: 60_000 }).toBe('succeeded');
  const [artifact] = (await studio.get(`/artifacts?workflow_run_id=${run.id}`)).items;
  await studio.post(`/artifacts/${artifact.id}/versions`, { content_text: 'A hand was here meanwhile.', parent_version_id: artifact.latest_version_id });

  await context.setOffline(false);
  await lid(page, false);
  await expect(page.getByText('Finished', { exact: true })).toBeVisible();
  await expect(page.getByText('3 of 3 chapters').first()).toBeVisible();
  await page.getByRole('navigation', { name: 'Plan' }).first().getByRole('button').first().click();
  await expect(reader(page)).toContainText('A hand was here meanwhile.');
  const steps = (await studio.get(`/workflow-runs/${run.id}/steps?limit=200`)).items;
  await expect(page.getByRole('tabpanel').getByRole('listitem').first()).toHaveAttribute('aria-setsize', String(steps.length));
  expect(await page.evaluate(() => (window as any).sameThroughout)).toBe(true);
});

test('a line that is dead without a word is noticed, and followed anew', async ({ page, context, studio }) => {
  const run = await studio.novel({ model: 'rehearsal' });
  await page.clock.install();
  await page.goto(`${studio.url}/runs/${run.id}`);
  await expect(page.getByText('Nothing is written yet.')).toBeVisible();
  await context.setOffline(true);
  await studio.post(`/workflow-runs/${run.id}/autorun/start`);
  await expect.poll(async () => (await studio.get(`/workflow-runs/${run.id}`)).status).toBe('succeeded');
  await context.setOffline(false);
  // An hour of it.
  await page.clock.fastForward('01:00:00');
  await page.clock.runFor(10_000);
  await expect(page.getByText('Finished', { exact: true })).toBeVisible();
  await expect(page.getByText('3 of 3 chapters').first()).toBeVisible();
});

test('two tabs agree, and a page has one connection', async ({ context, studio }) => {
  const run = await studio.novel({ model: 'rehearsal' });
  const [one, two] = [await context.newPage(), await context.newPage()];
  const streams: string[] = [];
  one.on('request', (request) => request.url().includes('/events') && streams.push(request.url()));
  await Promise.all([one.goto(`${studio.url}/runs/${run.id}`), two.goto(`${studio.url}/runs/${run.id}`)]);
  await one.getByRole('button', { name: 'Next step' }).click();
  await expect(two.getByRole('tabpanel').getByRole('button', { name: 'Plan the book' })).toBeVisible();
  await two.getByRole('button', { name: 'Write on' }).click();
  for (const page of [one, two]) await expect(page.getByText('Finished', { exact: true })).toBeVisible();
  await one.getByRole('link', { name: 'Library' }).click();
  await expect(one.getByRole('heading', { name: 'Library' })).toBeVisible();
  expect(streams).toHaveLength(2);
});

test('the server goes on when the page is closed, and the page stops when it drives', async ({ context, studio, model }) => {
  model.words = 200;
  model.pause = 8;
  const served = await studio.novel({ model: 'openai/slow' });
  const page = await context.newPage();
  await page.goto(`${studio.url}/runs/${served.id}`);
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  await page.close();
  await expect.poll(async () => (await studio.get(`/workflow-runs/${served.id}`)).status, { timeout: 60_000 }).toBe('succeeded');

  const driven = await studio.novel({ model: 'openai/slow' });
  const other = await context.newPage();
  await other.goto(`${studio.url}/runs/${driven.id}`);
  await other.getByRole('button', { name: 'How far to write' }).click();
  await other.getByRole('menuitem', { name: 'While this page is open' }).click();
  await expect(other.getByText('This page is driving the run.')).toBeVisible();
  await expect.poll(async () => (await studio.get(`/workflow-runs/${driven.id}/steps`)).items.length).toBeGreaterThan(2);
  await other.close();
  await expect.poll(async () => (await studio.get(`/workflow-runs/${driven.id}`)).active_step).toBe(null);
  const { status, autorun } = await studio.get(`/workflow-runs/${driven.id}`);
  expect([status, autorun]).toEqual(['running', false]);
});

test('a page that drives goes on after the server was killed and started again, and does no step twice', async ({ page, studio, model }) => {
  model.words = 200;
  model.pause = 5;
  const run = await studio.novel({ model: 'openai/slow' });
  await page.goto(`${studio.url}/runs/${run.id}`);
  await page.getByRole('button', { name: 'How far to write' }).click();
  await page.getByRole('menuitem', { name: 'While this page is open' }).click();
  await expect.poll(async () => (await reader(page).locator('.prose').innerText().catch(() => '')).length).toBeGreaterThan(100);
  await studio.kill();
  await page.waitForTimeout(700);
  await studio.start();
  await expect(page.getByText('Finished', { exact: true })).toBeVisible({ timeout: 60_000 });
  const kept = (await studio.get(`/workflow-runs/${run.id}/steps?limit=200`)).items.filter((step: any) => step.name.endsWith('.commit') && step.status === 'succeeded');
  expect(kept).toHaveLength(3);
});

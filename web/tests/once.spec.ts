import { expect, test } from './support/studio';

test('a double click does nothing twice', async ({ page, studio }) => {
  const run = await studio.novel({ model: 'rehearsal' });
  await page.goto(`${studio.url}/runs/${run.id}`);
  const keys: (string | undefined)[] = [];
  page.on('request', (request) => request.method() === 'POST' && keys.push(request.headers()['idempotency-key']));
  await page.getByRole('button', { name: 'Next step' }).dblclick();
  await expect(page.getByText('Waiting for you')).toBeVisible();
  await page.waitForTimeout(500);
  expect((await studio.get(`/workflow-runs/${run.id}/steps`)).items).toHaveLength(1);
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/);

  await page.goto(studio.url);
  await page.getByRole('button', { name: 'New book' }).dblclick();
  await expect(page.getByLabel('Premise')).toBeVisible();
  expect((await studio.get('/briefs')).items).toHaveLength(2);
});

test('what the server did and the line swallowed is not done again', async ({ page, studio }) => {
  const run = await studio.written();
  await page.goto(`${studio.url}/runs/${run.id}`);
  const keys: string[] = [];
  let swallow = true;
  await page.route('**/fork', async (route) => {
    keys.push(route.request().headers()['idempotency-key'] ?? '');
    const answer = await route.fetch({ maxRetries: 2 });
    if (swallow) await route.abort('connectionreset');
    else await route.fulfill({ response: answer });
    swallow = false;
  });
  const fork = async () => {
    await page.getByRole('button', { name: 'More to do' }).click();
    await page.getByRole('menuitem', { name: 'Branch off now' }).click();
  };
  await fork();
  await expect(page.getByText('Fabulist cannot be reached.')).toBeVisible();
  await fork();
  await expect(page).not.toHaveURL(new RegExp(run.id));
  expect((await studio.get(`/workflow-runs/${run.id}/forks`)).items).toHaveLength(1);
  expect(new Set(keys).size).toBe(1);
  // A new wish is a new one.
  await fork();
  await expect.poll(async () => (await studio.get(`/workflow-runs/${run.id}/forks`)).items.length).toBe(2);
});

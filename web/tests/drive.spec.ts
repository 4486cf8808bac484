import { expect, reader, test } from './support/studio';

test('a run is led step by step, paused, resumed and canceled', async ({ page, studio, model }) => {
  model.words = 250;
  const run = await studio.novel({ model: 'openai/slow' });
  await page.goto(`${studio.url}/runs/${run.id}`);
  await expect(page.getByText('Nothing is written yet.')).toBeVisible();
  await page.getByRole('button', { name: 'Next step' }).click();
  await expect(page.getByRole('tabpanel').getByRole('button', { name: 'Plan the book' })).toBeVisible();
  await expect(page.getByText('Waiting for you')).toBeVisible();

  await page.getByRole('button', { name: 'Write on' }).click();
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByText('You paused it.')).toBeVisible();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByText('You paused it.')).toHaveCount(0);

  await page.getByRole('button', { name: 'More to do' }).click();
  await page.getByRole('menuitem', { name: 'Cancel the run' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the run' }).click();
  await expect(page.getByText('Canceled')).toBeVisible();
  expect((await studio.get(`/workflow-runs/${run.id}`)).status).toBe('canceled');
});

test('the page itself drives a run while it is open', async ({ page, studio }) => {
  const run = await studio.novel({ model: 'rehearsal' });
  await page.goto(`${studio.url}/runs/${run.id}`);
  await page.getByRole('button', { name: 'How far to write' }).click();
  await page.getByRole('menuitem', { name: 'While this page is open' }).click();
  await expect(page.getByText('Finished', { exact: true })).toBeVisible();
  const steps = await studio.get(`/workflow-runs/${run.id}/steps?limit=200`);
  expect(steps.items.length).toBeGreaterThan(10);
});

test('autorun stops where it was told to', async ({ page, studio }) => {
  const run = await studio.novel({ model: 'rehearsal' });
  await page.goto(`${studio.url}/runs/${run.id}`);
  await page.getByRole('button', { name: 'How far to write' }).click();
  await page.getByRole('menuitem', { name: 'Until this chapter is done' }).click();
  await expect(page.getByText('1 of 3 chapters').first()).toBeVisible();
  await expect(page.getByText('Waiting for you')).toBeVisible();
  expect((await studio.get(`/workflow-runs/${run.id}`)).progress.done).toBe(1);
});

test('a step that fails says why and what to do, and is tried again', async ({ page, studio, model }) => {
  model.pause = 1;
  model.failures = 1;
  const run = await studio.novel({ model: 'openai/slow' });
  await page.goto(`${studio.url}/runs/${run.id}`);
  await page.getByRole('button', { name: 'Next step' }).click();
  await expect(page.getByRole('alert')).toContainText('The lamp went out.');
  await expect(page.getByText('Stopped')).toBeVisible();
  await page.getByRole('button', { name: 'Next step' }).click();
  await expect(page.getByText('Waiting for you')).toBeVisible();
  await expect(page.getByRole('tabpanel').getByText('attempt 2')).toBeVisible();
});

test('a branch leaves from any step, and the original stays as it is', async ({ page, studio }) => {
  const run = await studio.written();
  await page.goto(`${studio.url}/runs/${run.id}`);
  await page.getByRole('tabpanel').getByRole('button', { name: /^Keep/ }).last().click();
  await expect(page.getByRole('heading', { name: 'What the model saw' })).toBeVisible();
  await page.getByRole('button', { name: 'Branch off here' }).click();
  await expect(page).not.toHaveURL(new RegExp(run.id));
  await expect(page.getByText('1 of 3 chapters').first()).toBeVisible();
  await page.getByRole('tab', { name: 'Branches' }).click();
  await expect(page.getByRole('tabpanel').getByRole('listitem')).toHaveCount(2);
  expect((await studio.get(`/workflow-runs/${run.id}`)).status).toBe('succeeded');

  await page.getByRole('link', { name: 'Compare' }).click();
  await expect(page.getByRole('heading', { name: 'Side by side' })).toBeVisible();
  await expect(page.getByRole('navigation').getByRole('button')).toHaveCount(3);
  await expect(page.getByText('the same')).toHaveCount(1);
  await expect(page.getByText('Not written here.')).toBeVisible();
});

test('a step shows what the model saw and said', async ({ page, studio }) => {
  const run = await studio.written();
  await page.goto(`${studio.url}/runs/${run.id}`);
  await page.getByRole('tabpanel').getByRole('button', { name: /^Write/ }).first().click();
  await page.getByRole('group').filter({ hasText: 'rehearsal' }).locator('summary').first().click();
  await expect(page.getByText('A lamp burns in a house where nobody lives.').first()).toBeVisible();
});

test('a budget that is spent is said, and raising it goes on', async ({ page, studio }) => {
  const run = await studio.novel({ model: 'rehearsal', budget: { max_tokens: 1_500 }, autorun: true });
  await page.goto(`${studio.url}/runs/${run.id}`);
  await expect(page.getByText('The budget is spent.')).toBeVisible();
  await page.getByRole('button', { name: 'More to do' }).click();
  await page.getByRole('menuitem', { name: 'Budget…' }).click();
  await page.getByLabel('At most, in tokens').fill('900000');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Finished', { exact: true })).toBeVisible();
  await expect(reader(page)).toBeVisible();
});

import { expect, reader, test } from './support/studio';

test('a chapter that breaks the rules is held: what was found is shown, and a person says how it goes on', async ({ page, studio, model }) => {
  model.words = 260;
  model.pause = 1;
  model.says = 'As an AI language model, I cannot go on with this chapter.';
  const run = await studio.novel({ model: 'openai/slow', autorun: true }, { output_spec: { chapter_count: 2, chapter_length: { min: 200, max: 400, unit: 'words' }, max_fix_rounds: 0 } });
  await page.goto(`${studio.url}/runs/${run.id}`);
  const why = page.getByRole('status', { name: 'Why it is paused' });
  await expect(why).toContainText('Something in this chapter contradicts the story.');
  await expect(why.getByRole('list', { name: 'What was found' })).toContainText('meta text');
  await expect(why.getByRole('list').locator('blockquote').first()).toContainText('As an AI');
  await expect(reader(page).locator('.prose')).toContainText('As an AI');

  await why.getByRole('button', { name: 'Tell the writer…' }).click();
  await expect(page.getByLabel('Change the course')).toBeFocused();
  await why.getByRole('button', { name: 'Write it again' }).click();
  await expect.poll(async () => (await studio.get(`/workflow-runs/${run.id}/steps?limit=200`)).items.filter((step: any) => step.name.endsWith('.draft')).length).toBe(2);
  await expect(why).toContainText('Something in this chapter contradicts the story.');
  model.says = '';
  await why.getByRole('button', { name: 'Take it as it is' }).click();
  await expect(page.getByText('Finished', { exact: true })).toBeVisible();
  await page.getByRole('navigation', { name: 'Plan' }).first().getByRole('button').first().click();
  await reader(page).getByText('may be wrong here').click();
  await expect(reader(page).getByRole('list', { name: 'What was found' })).toContainText('meta text');
});

test('gates are set, stop the run where they stand, and are taken away', async ({ page, studio }) => {
  const run = await studio.novel({ model: 'rehearsal' });
  await page.goto(`${studio.url}/runs/${run.id}`);
  await page.getByRole('button', { name: 'More to do' }).click();
  await page.getByRole('menuitem', { name: 'Gates…' }).click();
  await page.getByRole('checkbox', { name: 'Plan the chapter' }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  await expect(page.getByText('It waits at a gate that you set.')).toBeVisible();
  await expect(page.getByRole('status', { name: 'Why it is paused' }).getByText('Before: Plan the chapter')).toBeVisible();
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText('1 of 3 chapters').first()).toBeVisible();

  await expect(page.getByText('Stops before: Plan the chapter')).toBeVisible();
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await page.getByRole('checkbox', { name: 'Plan the chapter' }).uncheck();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Stops before:')).toHaveCount(0);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText('Finished', { exact: true })).toBeVisible();
});

test('the server writes until here: a chapter of the plan, a chosen one, or a step', async ({ page, studio }) => {
  const run = await studio.novel({ model: 'rehearsal' }, { output_spec: { chapter_count: 5, chapter_length: { min: 200, max: 400, unit: 'words' } } });
  await studio.post(`/workflow-runs/${run.id}/next`);
  await page.goto(`${studio.url}/runs/${run.id}`);
  await page.getByRole('navigation', { name: 'Plan' }).first().getByRole('button').nth(1).click();
  await reader(page).getByRole('button', { name: 'Write until here' }).click();
  await expect(page.getByText('2 of 5 chapters').first()).toBeVisible();
  await expect(page.getByText('Waiting for you')).toBeVisible();

  await page.getByRole('button', { name: 'How far to write' }).click();
  await page.getByRole('menuitem', { name: 'Until…' }).click();
  await page.getByRole('dialog').getByRole('combobox').selectOption('4');
  await page.getByRole('dialog').getByRole('button', { name: 'Write' }).click();
  await expect(page.getByText('4 of 5 chapters').first()).toBeVisible();
  await expect(page.getByText('Waiting for you')).toBeVisible();

  await page.keyboard.press('u');
  await page.getByLabel('until this step was done once').first().check();
  await page.getByRole('dialog').getByRole('combobox').selectOption('novel.chapter.draft');
  await page.getByRole('dialog').getByRole('button', { name: 'Write' }).click();
  await expect.poll(async () => (await studio.get(`/workflow-runs/${run.id}`)).cursor).toMatchObject({ phase: 'novel.chapter.extract', chapter_index: 5 });
});

test('what is still to come is said before it comes: at best, likely, at worst', async ({ page, studio, model }) => {
  model.pause = 2;
  const run = await studio.novel({ model: 'openai/slow' });
  await page.goto(`${studio.url}/runs/${run.id}`);
  await page.getByRole('button', { name: /^about .+ left$/ }).click();
  const table = page.getByRole('dialog', { name: 'What is still to come' });
  for (const row of ['Time', 'Cost', 'Calls', 'Tokens read', 'Tokens written']) await expect(table.getByRole('row', { name: row }).first()).toBeVisible();
  const calls = (await table.getByRole('row', { name: 'Calls' }).getByRole('cell').allInnerTexts()).map(Number);
  const { calls: said } = await studio.get(`/workflow-runs/${run.id}/forecast`);
  expect(calls).toEqual([said.low, said.likely, said.high].map(Math.round));
  expect(calls[0]).toBeGreaterThan(3);
});

test('several drafts are written, ranked with reasons, and another one is taken later', async ({ page, studio, model }) => {
  model.pause = 0;
  const run = await studio.novel({ model: 'openai/slow' });
  for (let i = 0; i < 2; i++) await studio.post(`/workflow-runs/${run.id}/next`);
  await page.goto(`${studio.url}/runs/${run.id}`);
  await page.getByRole('button', { name: 'How far to write' }).click();
  await page.getByRole('menuitem', { name: /^Several drafts/ }).click();
  await page.getByLabel('How many').fill('3');
  await page.getByRole('button', { name: 'Write them' }).click();
  await page.getByRole('tabpanel').getByRole('button', { name: /^Write/ }).first().click();
  const drafts = page.getByRole('region', { name: 'Drafts' });
  await expect(drafts.getByRole('button', { name: /^Take this one/ })).toHaveCount(2);
  await expect(drafts).toContainText('No. 1');
  await expect(drafts).toContainText('beats told');
  await drafts.getByText('Read it').nth(1).click();
  await expect(drafts.locator('.prose').nth(1)).toBeVisible();
  await drafts.getByRole('button', { name: 'Take this one: No. 2' }).click();
  await expect(page.getByText('Taken. It is read and judged next.')).toBeVisible();
  await expect(drafts.locator('li.chosen')).toContainText('No. 2');
  const steps = (await studio.get(`/workflow-runs/${run.id}/steps`)).items;
  expect(steps.at(-1).kind).toBe('edit');
});

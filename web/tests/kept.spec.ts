import { expect, reader, test } from './support/studio';

test('what was typed into any field is there again after the page was closed on it', async ({ page, studio }) => {
  const run = await studio.written();
  const at = `${studio.url}/runs/${run.id}/1`;

  await page.goto(at);
  await page.getByRole('tab', { name: 'Change' }).click();
  await page.getByLabel('Change the course').fill('Let it snow.');
  await page.reload();
  await page.getByRole('tab', { name: 'Change' }).click();
  await expect(page.getByLabel('Change the course')).toHaveValue('Let it snow.');

  for (const [open, field] of [['Rewrite…', 'What should be different?'], ['Lock…', 'Why?'], ['Write again…', 'What should be different? (may stay empty)']] as const) {
    await page.goto(at);
    await page.getByRole('button', { name: open }).click();
    await page.getByLabel(field, { exact: true }).fill(`Typed into ${open}`);
    await page.reload();
    await page.getByRole('button', { name: open }).click();
    await expect(page.getByLabel(field, { exact: true })).toHaveValue(`Typed into ${open}`);
    await expect(page.getByText('You had written this and not saved it.')).toBeVisible();
    await page.getByRole('button', { name: 'Discard' }).click();
    await expect(page.getByLabel(field, { exact: true })).toHaveValue('');
  }

  const named = page.getByPlaceholder('What is it for? (may stay empty)');
  await page.goto(`${studio.url}/briefs/${run.brief_id}`);
  await named.fill('Before the storm');
  await page.getByRole('button', { name: 'Write it' }).click();
  await page.getByLabel('Name (may stay empty)').fill('Second try');
  await page.reload();
  await expect(named).toHaveValue('Before the storm');
  await page.getByRole('button', { name: 'Write it' }).click();
  await expect(page.getByLabel('Name (may stay empty)')).toHaveValue('Second try');

  await page.goto(`${studio.url}/settings`);
  await page.getByLabel('Chapters').fill('21');
  await page.getByLabel('Instructions').fill('Fewer words.');
  await page.reload();
  await expect(page.getByLabel('Chapters')).toHaveValue('21');
  await expect(page.getByLabel('Instructions')).toHaveValue('Fewer words.');
});

test('settings that were changed elsewhere are not overwritten unasked: both are shown', async ({ page, studio }) => {
  await page.goto(`${studio.url}/settings`);
  await page.getByLabel('Chapters').fill('21');
  await fetch(`${studio.url}/api/v1/settings/output-spec`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: '{"chapter_count":9}' });
  const books = page.locator('section').filter({ has: page.getByRole('heading', { name: 'New books' }) }).first();
  await books.getByRole('button', { name: 'Save' }).click();
  const both = books.getByRole('alert');
  await expect(both.locator('del')).toHaveText('9');
  await expect(both.locator('ins')).toHaveText('21');
  await both.getByRole('button', { name: 'Keep mine' }).click();
  await books.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  expect(await studio.get('/settings/output-spec')).toMatchObject({ chapter_count: 21 });
});

test('two tabs write one brief: who is late sees both, and neither is lost', async ({ page, studio }) => {
  const brief = await studio.post('/briefs', { title: 'One', content: { premise: 'First.', tone: 'dry' } });
  await page.goto(`${studio.url}/briefs/${brief.id}`);
  await page.getByLabel('Premise').fill('Mine.');
  await fetch(`${studio.url}/api/v1/briefs/${brief.id}`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ content: { premise: 'Theirs.' } }) });
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert').locator('del')).toHaveText('Theirs.');
  await expect(page.getByRole('alert').locator('ins')).toHaveText('Mine.');
  expect((await studio.get(`/briefs/${brief.id}`)).content.premise).toBe('Theirs.');
  await page.getByRole('button', { name: 'Keep mine' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  expect((await studio.get(`/briefs/${brief.id}`)).content).toMatchObject({ premise: 'Mine.', tone: 'dry' });
});

test('a conversation with the writer is there again after a reload, with its way back', async ({ page, studio }) => {
  const run = await studio.novel({ model: 'rehearsal' });
  await studio.post(`/workflow-runs/${run.id}/next`);
  await page.goto(`${studio.url}/runs/${run.id}`);
  await expect(page.getByText('Waiting for you')).toBeVisible();
  await page.keyboard.press('i');
  await expect(page.getByLabel('Change the course')).toBeFocused();
  await page.keyboard.type('Let Oren keep a secret from now on.');
  await page.keyboard.press('Enter');
  await expect(page.getByText('This would change:')).toBeVisible();
  await page.reload();
  await page.getByRole('tab', { name: 'Change' }).click();
  await expect(page.getByText('Let Oren keep a secret from now on.').first()).toBeVisible();
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByText('✓ Applied')).toBeVisible();
  await page.reload();
  await page.getByRole('tab', { name: 'Change' }).click();
  await expect(page.getByText('✓ Applied')).toBeVisible();
  await page.getByRole('tabpanel').getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Undone')).toBeVisible();
  await expect(reader(page)).toBeVisible();
});

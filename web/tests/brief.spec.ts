import { expect, test } from './support/studio';

test('a brief is written, kept while it is not saved, and becomes a book', async ({ page, studio }) => {
  await page.goto(studio.url);
  await page.getByRole('button', { name: 'Start from my own idea' }).click();
  await page.getByRole('button', { name: 'Mystery' }).click();
  await page.getByLabel('Title').fill('Two Lamps');
  await page.getByLabel('Premise').fill('Two sisters light the same lamp and neither says why.');
  await page.getByLabel('Name').first().fill('Ada');
  await page.getByLabel('Name').nth(1).fill('Bea');
  await page.getByLabel('Chapters').fill('2');
  await expect(page.getByText('Not saved yet; kept in this browser.')).toBeVisible();

  await page.reload();
  await expect(page.getByLabel('Premise')).toHaveValue(/Two sisters/);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  const [brief] = (await studio.get('/briefs')).items;
  expect(brief).toMatchObject({ title: 'Two Lamps', content: { genre: 'mystery', characters: [{ name: 'Ada' }, { name: 'Bea' }], output_spec: { chapter_count: 2 } } });

  await page.getByRole('button', { name: 'Take a snapshot' }).click();
  await expect(page.getByText('Snapshot taken.')).toBeVisible();
  await page.getByLabel('Premise').fill('Two sisters light the same lamp, and one of them knows why.');
  await page.getByPlaceholder('What is it for? (may stay empty)').fill('After the walk');
  await page.getByRole('button', { name: 'Take a snapshot' }).click();
  await page.getByRole('button', { name: 'What changed' }).click();
  await expect(page.getByRole('dialog').locator('del')).toContainText('neither says why');
  await expect(page.getByRole('dialog').locator('ins')).toContainText('one of them knows why');
  await page.keyboard.press('Escape');
  await page.getByLabel('Tone').fill('colder');
  await page.getByRole('button', { name: 'Take a snapshot' }).click();
  await expect(page.getByRole('button', { name: 'What changed' })).toHaveCount(2);
  await page.getByRole('button', { name: 'What changed' }).first().click();
  await expect(page.getByRole('dialog').locator('ins')).toHaveText(['colder']);
  await page.getByLabel('Since').selectOption({ index: 1 });
  await expect(page.getByRole('dialog').locator('ins')).toHaveCount(2);
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Write it' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Begin' }).click();
  await expect(page.getByText('2 of 2 chapters').first()).toBeVisible();
});

test('a brief that was saved elsewhere meanwhile is not overwritten unasked', async ({ page, studio }) => {
  const brief = await studio.post('/briefs', { title: 'One', content: { premise: 'First.' } });
  await page.goto(`${studio.url}/briefs/${brief.id}`);
  await page.getByLabel('Premise').fill('Mine.');
  await expect(page.getByText('Not saved yet; kept in this browser.')).toBeVisible();
  await fetch(`${studio.url}/api/v1/briefs/${brief.id}`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ content: { premise: 'Theirs.' } }) });
  await page.reload();
  await expect(page.getByRole('alert')).toContainText('newer than what you typed');
  await page.getByRole('button', { name: 'Take the saved one' }).click();
  await expect(page.getByLabel('Premise')).toHaveValue('Theirs.');
});

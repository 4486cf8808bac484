import { expect, reader, test, type Page } from './support/studio';

/** Selects the first words of a paragraph, as a mouse would. */
async function select(page: Page, paragraph: number, words: number): Promise<string> {
  return reader(page).locator('.prose p').nth(paragraph).evaluate((p, words) => {
    const text = [...p.childNodes].find((node) => node.textContent) as Text;
    const end = text.data.split(' ').slice(0, words).join(' ').length;
    getSelection()?.setBaseAndExtent(text, 0, text, end);
    return text.data.slice(0, end);
  }, words);
}

test('words are locked, stay whoever writes, and are unlocked again', async ({ page, studio }) => {
  const run = await studio.written();
  await page.goto(`${studio.url}/runs/${run.id}/1`);
  await expect(reader(page).locator('.prose p').nth(1)).toBeVisible();
  const words = await select(page, 1, 5);
  await page.getByRole('toolbar', { name: 'The selected words' }).getByRole('button', { name: 'Lock…' }).click();
  await expect(page.getByRole('dialog')).toContainText(words);
  await page.getByLabel('Why?').fill('The first line of the poem.');
  await page.getByRole('dialog').getByRole('button', { name: 'Lock' }).click();
  await expect(reader(page).locator('mark')).toHaveText(words);
  await expect(reader(page).getByRole('list', { name: 'Locked' })).toContainText('The first line of the poem.');
  const [artifact] = (await studio.get(`/artifacts?workflow_run_id=${run.id}`)).items;
  expect((await studio.get(`/artifacts/${artifact.id}/locks`)).items[0]).toMatchObject({ quote: words });

  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByRole('textbox', { name: 'Text' }).fill('Nothing of it is left.');
  await page.getByRole('button', { name: 'Save as my version' }).click();
  await expect(page.getByRole('alert')).toContainText('locked');
  await expect(page.getByRole('textbox', { name: 'Text' })).toHaveValue('Nothing of it is left.');
  await page.getByRole('button', { name: 'Discard my changes' }).click();
  await page.getByRole('button', { name: /^Unlock/ }).click();
  await expect(reader(page).locator('mark')).toHaveCount(0);
  expect((await studio.get(`/artifacts/${artifact.id}/locks`)).items).toEqual([]);
});

test('a chapter is locked as a whole, and nothing may be written anew in it', async ({ page, studio }) => {
  const run = await studio.written();
  await page.goto(`${studio.url}/runs/${run.id}/2`);
  await page.getByRole('button', { name: 'Lock…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Lock' }).click();
  await expect(reader(page).getByRole('list', { name: 'Locked' })).toContainText('The whole text');
  await page.getByRole('button', { name: 'Rewrite…' }).click();
  await page.getByLabel('What should be different?').fill('Let it rain.');
  await page.getByRole('button', { name: 'Rewrite', exact: true }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('locked');
  await expect(page.getByLabel('What should be different?')).toHaveValue('Let it rain.');
});

test('only the passage is written anew that was selected, and only the paragraphs that were picked', async ({ page, studio }) => {
  const run = await studio.written();
  await page.goto(`${studio.url}/runs/${run.id}/1`);
  await expect(reader(page).locator('.prose p').nth(2)).toBeVisible();
  const before = await reader(page).locator('.prose p').allInnerTexts();
  await select(page, 1, 6);
  await page.getByRole('toolbar').getByRole('button', { name: 'Rewrite…' }).click();
  await page.getByLabel('What should be different?').fill('Colder.');
  await page.getByRole('button', { name: 'Rewrite', exact: true }).click();
  await expect(page.getByText('compared with version 1')).toBeVisible();
  await page.getByRole('button', { name: '← Back to the text' }).click();
  const after = await reader(page).locator('.prose p').allInnerTexts();
  expect(after[0]).toBe(before[0]);
  expect(after.slice(2)).toEqual(before.slice(2));

  await page.keyboard.press('r');
  await page.getByRole('dialog').getByRole('checkbox').nth(2).check();
  await expect(page.getByText('1 paragraph', { exact: true })).toBeVisible();
  await page.getByLabel('What should be different?').fill('Shorter.');
  await page.getByRole('button', { name: 'Rewrite', exact: true }).click();
  await expect(page.getByText('compared with version 2')).toBeVisible();
  await page.getByRole('button', { name: '← Back to the text' }).click();
  const last = await reader(page).locator('.prose p').allInnerTexts();
  expect(last.slice(0, 2)).toEqual(after.slice(0, 2));
});

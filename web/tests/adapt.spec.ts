import { expect, reader, test } from './support/studio';

const CHAPTERS = ['The Lamp', 'The Stairs', 'The Letter', 'The Ferry'];

/** A small novel, with headings that anybody would write. */
function novel(): string {
  const chapter = (title: string, i: number) =>
    `Chapter ${i + 1}: ${title}\n\nMara climbed to the ${title.toLowerCase()} before it was light. The wind had turned in the night, and the house knew it.\n\n` +
    `“Who lit it?” Mara said. “Nobody has a key but you.”\n\n“Then nobody lit it,” Oren said, and would not look at her.\n\n` +
    `She set the letter on the table between them. It had been opened, and closed again with care, and neither of them said so.\n`;
  return `The Lamp House\n\n${CHAPTERS.map(chapter).join('\n')}`;
}

test('a novel is dropped, its chapters are seen, its season is planned and edited, and it becomes a script', async ({ page, studio }) => {
  await page.goto(`${studio.url}/adapt`);
  await page.getByLabel('Choose a file').last().setInputFiles({ name: 'lamp.txt', mimeType: 'text/plain', buffer: Buffer.from(novel()) });
  await expect(page.getByText('4 chapters').first()).toBeVisible();
  await expect(page.getByRole('list', { name: '4 chapters' })).toContainText('The Ferry');
  await page.getByLabel('A number of episodes').check();
  await page.getByRole('spinbutton', { name: 'Episodes' }).fill('3');
  await page.getByRole('button', { name: 'Start' }).click();

  await expect(page.getByText('Waiting for you')).toBeVisible();
  await page.getByRole('button', { name: 'Edit the plan' }).click();
  const title = page.getByRole('textbox', { name: 'Title 1' });
  await title.fill('Who Lit the Lamp');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('The plan was changed.')).toBeVisible();
  await expect(page.getByRole('navigation').getByText('Who Lit the Lamp')).toBeVisible();

  await page.getByRole('button', { name: 'Write on' }).click();
  await expect(page.getByText('Finished', { exact: true })).toBeVisible();
  await expect(page.getByText('3 of 3 episodes').first()).toBeVisible();
  await expect(reader(page).locator('.script')).toBeVisible();
});

test('a file that was only looked at leaves nothing behind', async ({ page, studio }) => {
  await page.goto(`${studio.url}/adapt`);
  await page.getByLabel('Choose a file').last().setInputFiles({ name: 'lamp.txt', mimeType: 'text/plain', buffer: Buffer.from(novel()) });
  await expect(page.getByText('4 chapters').first()).toBeVisible();
  await page.getByRole('link', { name: 'Library' }).click();
  await expect.poll(async () => (await studio.get('/briefs')).items).toEqual([]);
});

test('Alice is found chapter by chapter', async ({ page, studio }) => {
  await page.goto(`${studio.url}/adapt`);
  await page.getByLabel('Choose a file').last().setInputFiles('../examples/texts/alice.txt');
  await expect(page.getByText('12 chapters').first()).toBeVisible();
  await expect(page.getByRole('list', { name: '12 chapters' })).toContainText('Down the Rabbit-Hole');
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByText('Finished', { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('12 of 12 episodes').first()).toBeVisible();
});

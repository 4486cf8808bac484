import { expect, reader, test } from './support/studio';

test('a word to the writer is previewed, applied and undone', async ({ page, studio }) => {
  const run = await studio.novel({ model: 'rehearsal' });
  await studio.post(`/workflow-runs/${run.id}/next`);
  await page.goto(`${studio.url}/runs/${run.id}`);
  await page.getByRole('tab', { name: 'Change' }).click();
  await page.getByLabel('Change the course').fill('Let Oren keep a secret from now on.');
  await page.getByRole('button', { name: 'Preview' }).click();
  await expect(page.getByText('This would change:')).toBeVisible();
  expect((await studio.get(`/workflow-runs/${run.id}/steps`)).items).toHaveLength(1);
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByText('✓ Applied')).toBeVisible();
  await page.getByRole('tabpanel').getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Undone')).toBeVisible();
  const { items } = await studio.get(`/workflow-runs/${run.id}/steps`);
  expect(items.map((step: any) => step.kind)).toEqual(['step', 'intervention', 'edit']);
});

test('a chapter is edited by hand, its changes are shown word by word, and the old text comes back', async ({ page, studio }) => {
  const run = await studio.written();
  await page.goto(`${studio.url}/runs/${run.id}/2`);
  const before = await reader(page).locator('.prose').innerText();
  await page.getByRole('button', { name: 'Edit' }).click();
  const area = page.getByRole('textbox', { name: 'Text' });
  const own = 'The lamp was out. <b>Nobody</b> & nothing <script>moved</script>.';
  await area.fill(own);
  await page.reload();
  await page.getByRole('button', { name: 'Edit' }).click();
  await expect(page.getByText('You had written this and not saved it.')).toBeVisible();
  await expect(area).toHaveValue(own);
  await page.getByRole('button', { name: 'Save as my version' }).click();
  await expect(reader(page).getByText(own)).toBeVisible();
  await expect(page.getByText('your text')).toBeVisible();

  await page.getByRole('button', { name: /^Versions/ }).click();
  await expect(reader(page).locator('ins').first()).toBeVisible();
  await expect(reader(page).locator('del').first()).toBeVisible();
  await page.getByRole('button', { name: 'Restore: Version 1' }).click();
  await expect(page.getByText('Restored as a new version.')).toBeVisible();
  await page.getByRole('button', { name: '← Back to the text' }).click();
  await expect.poll(() => reader(page).locator('.prose').innerText()).toBe(before);
});

test('two people edit one chapter: both texts are shown, and nothing is lost', async ({ page, studio }) => {
  const run = await studio.written();
  await page.goto(`${studio.url}/runs/${run.id}/1`);
  await page.getByRole('button', { name: 'Edit' }).click();
  const area = page.getByRole('textbox', { name: 'Text' });
  await area.fill('Mine: the lamp was green.');
  const [artifact] = (await studio.get(`/artifacts?workflow_run_id=${run.id}`)).items;
  await studio.post(`/artifacts/${artifact.id}/versions`, { content_text: 'Theirs: the lamp was red.', parent_version_id: artifact.latest_version_id });
  const conflict = page.getByRole('alert').filter({ hasText: 'Somebody saved a newer version' });
  await expect(conflict).toContainText('Theirs: the lamp was red.');
  await expect(conflict).toContainText('Mine: the lamp was green.');
  await conflict.getByRole('button', { name: 'Save mine over it' }).click();
  await expect(conflict).toHaveCount(0);
  await expect(reader(page).getByText('Mine: the lamp was green.')).toBeVisible();
  await expect.poll(async () => (await studio.get(`/artifacts/${artifact.id}/versions`)).items.length).toBe(3);
});

test('a scene is written again as a chapter is', async ({ page, studio }) => {
  const brief = await studio.post('/briefs', { title: 'The Lamp, Played', content: { premise: 'A lamp burns in a house where nobody lives.', output_spec: { scene_count: 2 } } });
  const snapshot = await studio.post(`/briefs/${brief.id}/snapshots`);
  const run = await studio.post('/workflow-runs', { kind: 'script', brief_snapshot_id: snapshot.id, model: 'rehearsal', autorun: true });
  await expect.poll(async () => (await studio.get(`/workflow-runs/${run.id}`)).status).toBe('succeeded');
  await page.goto(`${studio.url}/runs/${run.id}/2`);
  await page.getByRole('button', { name: 'Write again…' }).click();
  await expect(page.getByRole('dialog', { name: 'Scene 2: write it again' })).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Write again' }).click();
  await expect(page.getByText('It will be written again when the run goes on.')).toBeVisible();
  await page.getByRole('button', { name: 'Write on' }).click();
  const [, scene] = (await studio.get(`/artifacts?workflow_run_id=${run.id}`)).items;
  await expect.poll(async () => (await studio.get(`/artifacts/${scene.id}/versions`)).items.length).toBe(2);
});

import assert from 'node:assert/strict';
import { all, asking, calls, client, ids, scenario, stage } from './sdk.js';

const { assistants, threads } = client.beta;
const call = calls(client);
const LIMITS = [1, 2, 100];

/** Reads the list in both orders and with every limit; `expected` is the ascending one. */
async function assertPages(list, expected) {
  for (const limit of LIMITS) {
    assert.deepEqual(ids(await all(list({ order: 'asc', limit }))), expected, `asc by ${limit}`);
    assert.deepEqual(ids(await all(list({ order: 'desc', limit }))), expected.toReversed(), `desc by ${limit}`);
  }
  assert.deepEqual(ids(await all(list({}))), expected.toReversed(), 'without parameters');
}

scenario('messages are paged through', async () => {
  const { thread } = await stage();
  const created = [];
  for (let i = 0; i < 5; i++) {
    created.push(await threads.messages.create(thread, { role: 'user', content: `Message ${i}` }));
  }

  await assertPages((query) => threads.messages.list(thread, query), ids(created));
});

scenario('runs are paged through, and the messages of one run', async () => {
  const { assistant, thread } = await stage();
  const runs = [];
  for (let i = 0; i < 3; i++) {
    runs.push(await threads.runs.createAndPoll(thread, asking(assistant, `Run ${i}`)));
  }

  await assertPages((query) => threads.runs.list(thread, query), ids(runs));
  const answers = await all(threads.messages.list(thread, { run_id: runs[1].id, limit: 1 }));
  assert.deepEqual(answers.map((message) => message.run_id), [runs[1].id]);
});

scenario('run steps are paged through', async () => {
  const { assistant, thread } = await stage();
  const stream = threads.runs.stream(thread, asking(assistant, 'In how many steps?'));
  const run = await stream.finalRun();
  const steps = await stream.finalRunSteps();

  await assertPages((query) => call.steps(thread, run.id, query), ids(steps));
});

scenario('assistants are paged through', async () => {
  const before = ids(await all(assistants.list({ order: 'asc' })));
  const created = [];
  for (let i = 0; i < 3; i++) {
    created.push(await assistants.create({ model: 'scripted' }));
  }

  await assertPages((query) => assistants.list(query), [...before, ...ids(created)]);
});

scenario('a page knows the next one, and before= the previous one', async () => {
  const { thread } = await stage();
  const created = [];
  for (let i = 0; i < 4; i++) {
    created.push((await threads.messages.create(thread, { role: 'user', content: `Message ${i}` })).id);
  }

  const first = await threads.messages.list(thread, { order: 'asc', limit: 2 });
  const second = await first.getNextPage();
  const previous = await threads.messages.list(thread, { order: 'asc', limit: 2, before: created[3] });

  assert.deepEqual([ids(first.data), first.hasNextPage()], [created.slice(0, 2), true]);
  assert.deepEqual([ids(second.data), second.hasNextPage()], [created.slice(2), false]);
  assert.deepEqual(ids(previous.data), created.slice(1, 3));
});

scenario('an empty list is one empty page', async () => {
  const { thread } = await stage();

  assert.deepEqual(await all(threads.messages.list(thread)), []);
  assert.deepEqual(await all(threads.runs.list(thread)), []);
});

import assert from 'node:assert/strict';
import { all, asking, calls, client, ids, scenario, stage } from './sdk.js';

const { assistants, threads } = client.beta;
const call = calls(client);

scenario('an assistant is created, read, modified, listed and deleted', async () => {
  const created = await assistants.create({
    model: 'scripted',
    name: 'Weaver',
    instructions: 'Weave.',
    metadata: { team: 'looms' },
    temperature: 0.5,
  });
  assert.match(created.id, /^asst_[A-Za-z0-9]{24}$/);
  assert.match(created._request_id, /^req_/);
  assert.equal(created.object, 'assistant');
  assert.equal(created.top_p, 1);
  assert.deepEqual(created.tools, []);
  assert.deepEqual(await assistants.retrieve(created.id), created);

  const modified = await assistants.update(created.id, { name: null, metadata: { team: 'shuttles' } });
  assert.deepEqual(modified, { ...created, name: null, metadata: { team: 'shuttles' } });
  assert.ok(ids(await all(assistants.list())).includes(created.id));

  assert.deepEqual(await call.deleteAssistant(created.id), {
    id: created.id,
    object: 'assistant.deleted',
    deleted: true,
  });
  assert.ok(!ids(await all(assistants.list())).includes(created.id));
});

scenario('a thread is created with messages, read, modified and deleted', async () => {
  const created = await threads.create({
    messages: [{ role: 'user', content: 'One' }, { role: 'assistant', content: 'Two' }],
    metadata: { topic: 'numbers' },
  });
  assert.match(created.id, /^thread_[A-Za-z0-9]{24}$/);
  assert.deepEqual(created.metadata, { topic: 'numbers' });
  assert.deepEqual(await threads.retrieve(created.id), created);
  const messages = await all(threads.messages.list(created.id, { order: 'asc' }));
  assert.deepEqual(
    messages.map((message) => [message.role, message.content[0].text.value]),
    [['user', 'One'], ['assistant', 'Two']],
  );

  const modified = await threads.update(created.id, { metadata: { topic: 'letters' } });
  assert.deepEqual(modified, { ...created, metadata: { topic: 'letters' } });

  assert.deepEqual(await call.deleteThread(created.id), {
    id: created.id,
    object: 'thread.deleted',
    deleted: true,
  });
});

scenario('a message is created, read and modified', async () => {
  const { thread } = await stage();

  const created = await threads.messages.create(thread, { role: 'user', content: [{ type: 'text', text: 'Hi' }] });
  assert.match(created.id, /^msg_[A-Za-z0-9]{24}$/);
  assert.deepEqual(created.content, [{ type: 'text', text: { value: 'Hi', annotations: [] } }]);
  assert.deepEqual([created.status, created.run_id, created.assistant_id], ['completed', null, null]);
  assert.deepEqual(await call.message(thread, created.id), created);

  const modified = await call.updateMessage(thread, created.id, { metadata: { seen: 'yes' } });
  assert.deepEqual(modified, { ...created, metadata: { seen: 'yes' } });
});

scenario('a run is read and modified, and its step is read', async () => {
  const { assistant, thread } = await stage();
  const run = await threads.runs.createAndPoll(thread, asking(assistant, 'Are you there?'));

  assert.deepEqual(await call.run(thread, run.id), run);
  const modified = await call.updateRun(thread, run.id, { metadata: { seen: 'yes' } });
  assert.deepEqual(modified, { ...run, metadata: { seen: 'yes' } });
  const [step, ...more] = await all(call.steps(thread, run.id));
  assert.equal(more.length, 0);
  assert.equal(step.type, 'message_creation');
  assert.deepEqual(await call.step(thread, run.id, step.id), step);
});

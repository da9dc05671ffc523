import assert from 'node:assert/strict';
import { all, answerOf, asking, BadRequestError, calls, client, scenario, stage, textOf } from './sdk.js';

const { threads } = client.beta;
const call = calls(client);

/** What the SDKs wait between two polls when the server does not say better. */
const SDK_INTERVAL_MS = 5000;

scenario('runs.createAndPoll ends soon after the run', async () => {
  const { assistant, thread } = await stage();
  const question = 'How long? [[chunks=10 delay=40ms]]';
  const start = performance.now();

  const run = await threads.runs.createAndPoll(thread, asking(assistant, question));

  assert.equal(run.status, 'completed');
  assert.ok(performance.now() - start < SDK_INTERVAL_MS, 'it slept as long as the SDK does by itself');
  assert.equal(textOf((await all(threads.messages.list(thread)))[0]), answerOf(question, 10));
});

scenario('threads.createAndRunPoll makes thread, messages and run', async () => {
  const { assistant } = await stage();
  const messages = [{ role: 'user', content: 'All at once?' }];

  const run = await threads.createAndRunPoll({ assistant_id: assistant, thread: { messages } });

  assert.equal(run.status, 'completed');
  assert.deepEqual(
    (await all(threads.messages.list(run.thread_id))).map(textOf),
    [answerOf('All at once?'), 'All at once?'],
  );
});

scenario('a failed model call is a failed run, not a hang', async () => {
  const { assistant, thread } = await stage();

  const run = await threads.runs.createAndPoll(thread, asking(assistant, 'Again? [[chunks=5 fail=end@2]]'));

  assert.equal(run.status, 'failed');
  assert.equal(run.last_error.code, 'server_error');
  assert.ok(run.failed_at >= run.created_at);
});

scenario('runs.cancel stops a run, and cannot stop it twice', async () => {
  const { assistant, thread } = await stage();
  const created = await threads.runs.create(thread, asking(assistant, 'For ever? [[fail=silence@1]]'));

  const answer = await call.cancel(thread, created.id);
  const run = await call.poll(thread, created.id);

  assert.ok(['cancelling', 'cancelled'].includes(answer.status), answer.status);
  assert.equal(run.status, 'cancelled');
  await assert.rejects(call.cancel(thread, run.id), (error) => {
    assert.ok(error instanceof BadRequestError);
    assert.equal(error.message, "400 Cannot cancel run with status 'cancelled'.");
    return true;
  });
});

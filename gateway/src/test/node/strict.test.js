import assert from 'node:assert/strict';
import { asking, BadRequestError, calls, scenario, stage, strictClient } from './sdk.js';

const { threads } = strictClient.beta;
const call = calls(strictClient);

async function assertRefused(call, message) {
  const error = await call.then(
    () => assert.fail('it was not refused'),
    (refusal) => refusal,
  );
  assert.ok(error instanceof BadRequestError, `${error}`);
  assert.equal(error.message, `400 ${message}`);
  assert.deepEqual([error.type, error.code, error.param], ['invalid_request_error', null, null]);
}

scenario("strict: a second run is refused in OpenAI's words until the first has ended", async () => {
  const { assistant, thread } = await stage(strictClient);
  const active = await threads.runs.create(thread, asking(assistant, 'For ever? [[fail=silence@1]]'));
  const refusal = `Thread ${thread} already has an active run ${active.id}.`;

  await assertRefused(threads.runs.create(thread, asking(assistant, 'Me too?')), refusal);
  await assertRefused(threads.runs.stream(thread, asking(assistant, 'Me too?')).finalRun(), refusal);
  await call.cancel(thread, active.id);
  await call.poll(thread, active.id);

  assert.equal((await threads.runs.createAndPoll(thread, asking(assistant, 'Now?'))).status, 'completed');
});

scenario("strict: a message is refused in OpenAI's words until the run has ended", async () => {
  const { assistant, thread } = await stage(strictClient);
  const active = await threads.runs.create(thread, asking(assistant, 'For ever? [[fail=silence@1]]'));

  await assertRefused(
    threads.messages.create(thread, { role: 'user', content: 'May I?' }),
    `Can't add messages to ${thread} while a run ${active.id} is active.`,
  );
  await call.cancel(thread, active.id);
  await call.poll(thread, active.id);

  assert.equal((await threads.messages.create(thread, { role: 'user', content: 'Now?' })).role, 'user');
});

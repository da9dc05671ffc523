import assert from 'node:assert/strict';
import { asking, BadRequestError, calls, client, NotFoundError, scenario, stage } from './sdk.js';

const { assistants, threads } = client.beta;
const call = calls(client);
const NOBODY = 'A'.repeat(24);

/** The call is refused with an error of this class and with these members. */
async function assertRefused(call, kind, members) {
  const error = await call.then(
    () => assert.fail('it was not refused'),
    (refusal) => refusal,
  );
  assert.ok(error instanceof kind, `${error}`);
  assert.match(error.requestID ?? error.request_id, /^req_/);
  assert.equal(error.type, 'invalid_request_error');
  for (const [name, value] of Object.entries(members)) {
    assert.equal(error[name], value);
  }
}

function notFound(kind, id) {
  return { status: 404, message: `404 No ${kind} found with id '${id}'.`, code: null, param: null };
}

scenario('what does not exist is a NotFoundError', async () => {
  const { assistant, thread } = await stage();

  await assertRefused(assistants.retrieve(`asst_${NOBODY}`), NotFoundError, notFound('assistant', `asst_${NOBODY}`));
  await assertRefused(threads.retrieve(`thread_${NOBODY}`), NotFoundError, notFound('thread', `thread_${NOBODY}`));
  await assertRefused(call.message(thread, `msg_${NOBODY}`), NotFoundError, notFound('message', `msg_${NOBODY}`));
  await assertRefused(call.run(thread, `run_${NOBODY}`), NotFoundError, notFound('run', `run_${NOBODY}`));
  await assertRefused(
    threads.runs.create(`thread_${NOBODY}`, asking(assistant, 'Anybody?')),
    NotFoundError,
    notFound('thread', `thread_${NOBODY}`),
  );
});

scenario('a stream that cannot begin is refused like any other call', async () => {
  const { thread } = await stage();

  await assertRefused(
    threads.runs.stream(thread, asking(`asst_${NOBODY}`, 'Anybody?')).finalRun(),
    NotFoundError,
    notFound('assistant', `asst_${NOBODY}`),
  );
});

scenario('what is asked wrongly is a BadRequestError that names the parameter', async () => {
  const { assistant, thread } = await stage();

  await assertRefused(threads.runs.create(thread, {}), BadRequestError, {
    status: 400,
    message: "400 Missing required parameter: 'assistant_id'.",
    param: 'assistant_id',
    code: 'missing_required_parameter',
  });
  await assertRefused(assistants.create({ model: 'scripted', colour: 'blue' }), BadRequestError, {
    message: "400 Unknown parameter: 'colour'.",
    param: 'colour',
    code: 'unknown_parameter',
  });
  await assertRefused(threads.messages.create(thread, { role: 'system', content: 'Hi' }), BadRequestError, {
    message: "400 Invalid value: 'system'. Supported values are: 'user' and 'assistant'.",
    param: 'role',
    code: 'invalid_value',
  });
  await assertRefused(threads.messages.list(thread, { limit: 101 }), BadRequestError, {
    message: "400 Invalid 'limit': integer above maximum value. Expected a value <= 100, but got 101 instead.",
    param: 'limit',
    code: 'integer_above_max_value',
  });
  await assertRefused(assistants.update(assistant, { metadata: { k: 'v'.repeat(600) } }), BadRequestError, {
    message:
      "400 Invalid 'metadata.k': string too long. " +
      'Expected a string with maximum length 512, but got a string with length 600 instead.',
    param: 'metadata.k',
    code: 'string_above_max_length',
  });
});

scenario('a refused run leaves nothing behind', async () => {
  const { thread } = await stage();

  await assert.rejects(threads.runs.create(thread, asking(`asst_${NOBODY}`, 'Anybody?')), NotFoundError);

  assert.deepEqual((await threads.messages.list(thread)).data, []);
  assert.deepEqual((await threads.runs.list(thread)).data, []);
});

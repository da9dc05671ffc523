import assert from 'node:assert/strict';
import { all, answerOf, asking, calls, client, scenario, stage, textOf } from './sdk.js';

const { threads } = client.beta;
const call = calls(client);

/** The user's messages in each request to the model whose last one begins so. */
async function promptsOf(question) {
  const prompts = await (await fetch(`${process.env.MODEL_URL}prompts`)).json();
  return prompts
    .map((prompt) => prompt.messages.filter((message) => message.role === 'user').map((message) => message.content))
    .filter((questions) => questions.at(-1) === question);
}

/** Resolves with the stream's run as soon as it has said something. */
function speaking(stream) {
  return new Promise((resolve, reject) => {
    stream.once('textDelta', () => resolve(stream.currentRun()));
    stream.once('error', reject);
  });
}

async function assertOnlyItsOwn(stream, question, chunks) {
  const run = await stream.finalRun();
  const messages = await stream.finalMessages();
  assert.equal(run.status, 'completed');
  assert.deepEqual(messages.map((message) => [message.run_id, textOf(message)]), [[run.id, answerOf(question, chunks)]]);
  assert.deepEqual((await stream.finalRunSteps()).map((step) => step.run_id), [run.id]);
}

scenario('two streams at once on one thread never mix', async () => {
  const { assistant, thread } = await stage();
  const questions = ['Left? [[chunks=150 delay=20ms]]', 'Right? [[chunks=150 delay=20ms]]'];

  const streams = questions.map((question) => threads.runs.stream(thread, asking(assistant, question)));
  await Promise.all(streams.map(speaking));
  assert.deepEqual(streams.map((stream) => stream.ended), [false, false], 'they were not at once');

  await Promise.all(streams.map((stream, i) => assertOnlyItsOwn(stream, questions[i], 150)));
  const transcript = (await all(threads.messages.list(thread, { order: 'asc' }))).map(textOf);
  const turns = [transcript.slice(0, 2), transcript.slice(2)];
  assert.deepEqual(turns.toSorted(), questions.map((question) => [question, answerOf(question, 150)]));
});

scenario('eight streams at once on one thread never mix', async () => {
  const { assistant, thread } = await stage();
  const questions = Array.from({ length: 8 }, (_, i) => `Stream ${i} of eight? [[chunks=15 delay=10ms]]`);

  const streams = questions.map((question) => threads.runs.stream(thread, asking(assistant, question)));

  await Promise.all(streams.map((stream, i) => assertOnlyItsOwn(stream, questions[i], 15)));
});

scenario('a message added while a run is active is kept for the next run', async () => {
  const { assistant, thread } = await stage();
  const stream = threads.runs.stream(thread, asking(assistant, 'First? [[chunks=9 fail=silence@2]]'));
  const run = await speaking(stream);

  const added = await threads.messages.create(thread, { role: 'user', content: `Second, in ${thread}?` });
  assert.equal((await call.run(thread, run.id)).status, 'in_progress');
  await call.cancel(thread, run.id);
  await stream.finalRun();
  const next = await threads.runs.createAndPoll(thread, { assistant_id: assistant });

  assert.equal(next.status, 'completed');
  const transcript = await all(threads.messages.list(thread, { order: 'asc' }));
  assert.deepEqual(transcript.map((message) => message.run_id), [null, run.id, null, next.id]);
  assert.equal(transcript[2].id, added.id);
  assert.equal(textOf(transcript[3]), answerOf(`Second, in ${thread}?`));
  assert.equal((await promptsOf(`Second, in ${thread}?`)).length, 1);
});

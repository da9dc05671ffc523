import assert from 'node:assert/strict';
import { all, answerOf, APIUserAbortError, asking, calls, client, ids, scenario, stage, textOf } from './sdk.js';

const { threads } = client.beta;
const call = calls(client);

const TEXT_RUN = [
  'thread.run.created',
  'thread.run.queued',
  'thread.run.in_progress',
  'thread.run.step.created',
  'thread.run.step.in_progress',
  'thread.message.created',
  'thread.message.in_progress',
  'thread.message.delta',
  'thread.message.completed',
  'thread.run.step.completed',
  'thread.run.completed',
];

/** The names of the events, repeated ones once; the SDKs keep `done` for themselves. */
function names(events) {
  return events.map(({ event }) => event).filter((name, i, every) => name !== every[i - 1]);
}

scenario('runs.stream tells every helper what the run says', async () => {
  const { assistant, thread } = await stage();
  const question = 'What do the helpers hear?';
  const heard = { textCreated: 0, deltas: [], snapshots: [], textDone: [], messageDone: [], runStepDone: [] };

  const stream = threads.runs
    .stream(thread, asking(assistant, question))
    .on('textCreated', () => heard.textCreated++)
    .on('textDelta', (delta, snapshot) => {
      heard.deltas.push(delta.value);
      heard.snapshots.push(snapshot.value);
    })
    .on('textDone', (text) => heard.textDone.push(text.value))
    .on('messageDone', (message) => heard.messageDone.push(message))
    .on('runStepDone', (step) => heard.runStepDone.push(step));
  const run = await stream.finalRun();
  const [message, ...moreMessages] = await stream.finalMessages();
  const [step, ...moreSteps] = await stream.finalRunSteps();

  assert.equal(run.status, 'completed');
  assert.equal(run.usage.total_tokens, run.usage.prompt_tokens + run.usage.completion_tokens);
  assert.equal(textOf(message), answerOf(question));
  assert.equal(heard.textCreated, 1);
  assert.equal(heard.deltas.join(''), answerOf(question));
  assert.ok(heard.deltas.length > 1, 'the text came in one piece');
  assert.equal(heard.snapshots.at(-1), answerOf(question));
  assert.deepEqual(heard.textDone, [answerOf(question)]);
  assert.deepEqual(ids(heard.messageDone), [message.id]);
  assert.deepEqual(heard.messageDone.map(textOf), [answerOf(question)]);
  assert.deepEqual(heard.runStepDone, [step]);
  assert.deepEqual(step.step_details.message_creation, { message_id: message.id });
  assert.deepEqual([moreMessages, moreSteps], [[], []]);
});

scenario('what a stream ended with is what is stored', async () => {
  const { assistant, thread } = await stage();

  const stream = threads.runs.stream(thread, asking(assistant, 'Is it kept?'));
  let message;
  stream.on('messageDone', (done) => (message = done));
  const run = await stream.finalRun();
  const [step] = await stream.finalRunSteps();

  assert.deepEqual(await call.run(thread, run.id), run);
  assert.deepEqual(await call.message(thread, message.id), message);
  assert.deepEqual(await call.step(thread, run.id, step.id), step);
});

scenario('the events come in the order of the reference', async () => {
  const { assistant, thread } = await stage();

  const iterated = await all(threads.runs.stream(thread, asking(assistant, 'In which order?')));
  const raw = await all(await threads.runs.create(thread, { ...asking(assistant, 'And raw?'), stream: true }));

  assert.deepEqual(names(iterated), TEXT_RUN);
  assert.deepEqual(names(raw), TEXT_RUN);
});

scenario('runs.createAndStream streams like runs.stream', async () => {
  const { assistant, thread } = await stage();

  const stream = threads.runs.createAndStream(thread, asking(assistant, 'The old name?'));

  assert.equal((await stream.finalRun()).status, 'completed');
  assert.equal(textOf((await stream.finalMessages())[0]), answerOf('The old name?'));
});

scenario('threads.createAndRunStream begins with the thread', async () => {
  const { assistant } = await stage();
  const messages = [{ role: 'user', content: 'On a new thread?' }];

  const stream = threads.createAndRunStream({ assistant_id: assistant, thread: { messages, metadata: { a: 'b' } } });
  const events = await all(stream);
  const run = await stream.finalRun();

  assert.deepEqual(names(events), ['thread.created', ...TEXT_RUN]);
  assert.deepEqual(events[0].data.metadata, { a: 'b' });
  assert.equal(events[0].data.id, run.thread_id);
  assert.deepEqual(
    (await all(threads.messages.list(run.thread_id, { order: 'asc' }))).map(textOf),
    ['On a new thread?', answerOf('On a new thread?')],
  );
});

scenario('a stream that its reader aborts leaves the run to finish', async () => {
  const { assistant, thread } = await stage();
  const question = 'Who listens? [[chunks=20 delay=20ms]]';

  const stream = threads.runs.stream(thread, asking(assistant, question));
  stream.on('textDelta', () => stream.abort());
  await assert.rejects(stream.finalRun(), APIUserAbortError);
  const run = await call.poll(thread, stream.currentRun().id);

  assert.equal(run.status, 'completed');
  const [message] = await all(threads.messages.list(thread, { run_id: run.id }));
  assert.equal(textOf(message), answerOf(question, 20));
});

scenario('a model that dies ends the stream with a failed run and keeps its text', async () => {
  const { assistant, thread } = await stage();
  const question = 'Will you last? [[chunks=9 fail=reset@4]]';

  const stream = threads.runs.stream(thread, asking(assistant, question));
  const events = await all(stream);
  const run = await stream.finalRun();

  assert.deepEqual(names(events).slice(-3), ['thread.message.incomplete', 'thread.run.step.failed', 'thread.run.failed']);
  assert.equal(run.status, 'failed');
  assert.equal(run.last_error.code, 'server_error');
  const [message] = await all(threads.messages.list(thread, { run_id: run.id }));
  assert.equal(textOf(message), answerOf(question, 4));
  assert.deepEqual([message.status, message.incomplete_details], ['incomplete', { reason: 'run_failed' }]);
});

scenario('a model that refuses ends the stream with a failed run', async () => {
  const { assistant, thread } = await stage();

  const stream = threads.runs.stream(thread, asking(assistant, 'May I? [[fail=status@400]]'));
  const run = await stream.finalRun();

  assert.equal(run.status, 'failed');
  assert.match(run.last_error.message, /The scripted failure/);
  assert.deepEqual(await all(threads.messages.list(thread, { run_id: run.id })), []);
});

scenario('a run that is cancelled ends its stream and keeps its text', async () => {
  const { assistant, thread } = await stage();
  const question = 'Shall I stop you? [[chunks=9 fail=silence@4]]';

  const stream = threads.runs.stream(thread, asking(assistant, question));
  let heard = 0;
  stream.on('textDelta', () => {
    if (++heard === 4) {
      call.cancel(thread, stream.currentRun().id);
    }
  });
  const events = await all(stream);
  const run = await stream.finalRun();

  assert.deepEqual(names(events).slice(-4), [
    'thread.run.cancelling',
    'thread.message.incomplete',
    'thread.run.step.cancelled',
    'thread.run.cancelled',
  ]);
  assert.equal(run.status, 'cancelled');
  const [message] = await all(threads.messages.list(thread, { run_id: run.id }));
  assert.equal(textOf(message), answerOf(question, 4));
  assert.deepEqual([message.status, message.incomplete_details], ['incomplete', { reason: 'run_cancelled' }]);
});

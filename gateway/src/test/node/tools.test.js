import assert from 'node:assert/strict';
import { all, asking, BadRequestError, calls, client, ids, scenario, textOf } from './sdk.js';

const { assistants, threads } = client.beta;
const call = calls(client);

const TOOLS = ['weather', 'time'].map((name) => ({
  type: 'function',
  function: { name, description: `Tells the ${name}.`, parameters: { type: 'object', properties: {} } },
}));
const BOTH = '[[text="Let me see." call=weather({"city":"Paris"}) call=time({"zone":"CET"})]]';

async function toolStage() {
  const assistant = await assistants.create({ model: 'scripted', tools: TOOLS });
  const thread = await threads.create();
  return { assistant: assistant.id, thread: thread.id };
}

function pending(run) {
  return run.required_action.submit_tool_outputs.tool_calls;
}

/** Outputs of all calls, in another order than theirs. */
function outputsOf(run) {
  return pending(run)
    .map((toolCall) => ({ tool_call_id: toolCall.id, output: `${toolCall.function.name} is fine` }))
    .toReversed();
}

async function refusal(promise) {
  const error = await promise.then(
    () => assert.fail('it was not refused'),
    (refused) => refused,
  );
  assert.ok(error instanceof BadRequestError, `${error}`);
  return error.message;
}

scenario('createAndPoll stops at requires_action and submitToolOutputsAndPoll goes on to the end', async () => {
  const { assistant, thread } = await toolStage();

  const paused = await threads.runs.createAndPoll(thread, asking(assistant, `And? ${BOTH}`));
  const run = await call.submitAndPoll(thread, paused.id, { tool_outputs: outputsOf(paused) });

  assert.equal(paused.status, 'requires_action');
  assert.deepEqual(
    pending(paused).map((toolCall) => [toolCall.function.name, JSON.parse(toolCall.function.arguments)]),
    [['weather', { city: 'Paris' }], ['time', { zone: 'CET' }]],
  );
  assert.equal(run.status, 'completed');
  assert.equal(run.required_action, null);
  assert.deepEqual((await all(threads.messages.list(thread, { order: 'asc' }))).slice(1).map(textOf), [
    'Let me see.',
    'Outputs: weather=weather is fine; time=time is fine',
  ]);
  const steps = await all(call.steps(thread, run.id, { order: 'asc' }));
  assert.deepEqual(
    steps.map((step) => [step.type, step.status]),
    [['message_creation', 'completed'], ['tool_calls', 'completed'], ['message_creation', 'completed']],
  );
  assert.deepEqual(
    steps[1].step_details.tool_calls.map((toolCall) => toolCall.function.output),
    ['weather is fine', 'time is fine'],
  );
  const sum = steps.reduce((tokens, step) => tokens + step.usage.total_tokens, 0);
  assert.equal(run.usage.total_tokens, sum);
});

scenario('a stream ends at requires_action, and submitToolOutputsStream goes on', async () => {
  const { assistant, thread } = await toolStage();

  const first = threads.runs.stream(thread, asking(assistant, `Streamed? ${BOTH}`));
  const done = [];
  first.on('toolCallDone', (toolCall) => done.push(toolCall.function.name));
  const paused = await first.finalRun();
  const events = [];
  const second = call.submitStream(thread, paused.id, { tool_outputs: outputsOf(paused) });
  second.on('event', ({ event }) => events.push(event));
  const run = await second.finalRun();

  assert.equal(paused.status, 'requires_action');
  assert.deepEqual(done, ['weather', 'time']);
  const [message, toolStep] = await first.finalRunSteps();
  assert.equal(message.type, 'message_creation');
  assert.deepEqual(ids(toolStep.step_details.tool_calls), ids(pending(paused)));
  assert.equal(run.status, 'completed');
  assert.deepEqual(events.slice(0, 3), [
    'thread.run.step.completed',
    'thread.run.queued',
    'thread.run.in_progress',
  ]);
  assert.equal(textOf((await second.finalMessages())[0]), 'Outputs: weather=weather is fine; time=time is fine');
});

scenario('a run takes several rounds', async () => {
  const { assistant, thread } = await toolStage();
  const question = 'Rounds? [[call=weather({}) then call=time({}) then text=Done.]]';

  let run = await threads.runs.createAndPoll(thread, asking(assistant, question));
  const asked = [];
  while (run.status === 'requires_action') {
    asked.push(pending(run)[0].function.name);
    run = await call.submitAndPoll(thread, run.id, { tool_outputs: outputsOf(run) });
  }

  assert.deepEqual(asked, ['weather', 'time']);
  assert.equal(run.status, 'completed');
});

scenario('wrong sets of outputs are refused in the words of OpenAI, and the right one is taken once', async () => {
  const { assistant, thread } = await toolStage();
  const paused = await threads.runs.createAndPoll(thread, asking(assistant, `Which? ${BOTH}`));
  const [one, two] = ids(pending(paused));
  const outputs = outputsOf(paused);

  assert.equal(
    await refusal(call.submit(thread, paused.id, { tool_outputs: outputs.slice(1) })),
    `400 Expected tool outputs for call_ids ['${one}', '${two}'], got ['${one}']`,
  );
  const both = await Promise.allSettled([1, 2].map(() => call.submit(thread, paused.id, { tool_outputs: outputs })));
  const run = await call.poll(thread, paused.id);

  assert.deepEqual(both.map((settled) => settled.status).toSorted(), ['fulfilled', 'rejected']);
  assert.match(
    both.find((settled) => settled.status === 'rejected').reason.message,
    /^400 Runs in status "(queued|in_progress|completed)" do not accept tool outputs\.$/,
  );
  assert.equal(run.status, 'completed');
  assert.equal(
    await refusal(call.submit(thread, run.id, { tool_outputs: outputs })),
    '400 Runs in status "completed" do not accept tool outputs.',
  );
});

scenario('a paused run is cancelled, and the next one is legal', async () => {
  const { assistant, thread } = await toolStage();
  const paused = await threads.runs.createAndPoll(thread, asking(assistant, `Never mind? ${BOTH}`));

  await call.cancel(thread, paused.id);
  const cancelled = await call.poll(thread, paused.id);
  const next = await threads.runs.createAndPoll(thread, asking(assistant, 'And now?'));

  assert.equal(cancelled.status, 'cancelled');
  assert.equal(next.status, 'completed');
  const violations = await (await fetch(`${process.env.MODEL_URL}violations`)).json();
  assert.deepEqual(violations, []);
});

scenario('two runs with tools on one thread keep their calls apart', async () => {
  const { assistant, thread } = await toolStage();

  const paused = await Promise.all(
    ['Left', 'Right'].map((side) => threads.runs.createAndPoll(thread, asking(assistant, `${side}? ${BOTH}`))),
  );
  const foreign = await refusal(call.submit(thread, paused[0].id, { tool_outputs: outputsOf(paused[1]) }));
  const runs = await Promise.all(
    paused.map((run) => call.submitAndPoll(thread, run.id, { tool_outputs: outputsOf(run) })),
  );

  assert.match(foreign, /^400 Expected tool outputs for call_ids/);
  assert.deepEqual(runs.map((run) => run.status), ['completed', 'completed']);
});

scenario('tools of the run replace those of the assistant, and the choice goes to the model', async () => {
  const { assistant, thread } = await toolStage();
  const body = {
    ...asking(assistant, `Chosen? ${thread}`),
    tools: [TOOLS[1]],
    tool_choice: { type: 'function', function: { name: 'time' } },
    parallel_tool_calls: false,
  };

  const run = await threads.runs.createAndPoll(thread, body);

  assert.deepEqual(run.tools, [TOOLS[1]]);
  assert.deepEqual(run.tool_choice, body.tool_choice);
  assert.equal(run.parallel_tool_calls, false);
  const prompts = await (await fetch(`${process.env.MODEL_URL}prompts`)).json();
  const sent = prompts.find((prompt) => prompt.messages.at(-1).content === `Chosen? ${thread}`);
  assert.deepEqual(sent.tools, [TOOLS[1]]);
  assert.deepEqual(sent.tool_choice, body.tool_choice);
  assert.equal(sent.parallel_tool_calls, false);
});

scenario('tools of OpenAI itself are refused by their names', async () => {
  for (const type of ['code_interpreter', 'file_search']) {
    assert.match(await refusal(assistants.create({ model: 'scripted', tools: [{ type }] })), new RegExp(type));
  }
});

import assert from 'node:assert/strict';
import { all, answerOf, APIUserAbortError, BadRequestError, client, ids, newScenario, NotFoundError } from './sdk.js';

const { responses, conversations } = client;

const TOOLS = ['weather', 'time'].map((name) => ({
  type: 'function',
  name,
  description: `Tells the ${name}.`,
  parameters: { type: 'object', properties: {}, additionalProperties: false },
  strict: true,
}));

function asking(input, more = {}) {
  return { model: 'scripted', input, ...more };
}

function callsOf(response) {
  return response.output.filter((item) => item.type === 'function_call');
}

function outputsOf(response) {
  return callsOf(response).map((call) => ({
    type: 'function_call_output',
    call_id: call.call_id,
    output: `${call.name} is fine`,
  }));
}

/** The names of the events, repeated ones once. */
function names(events) {
  return events.map(({ type }) => type).filter((name, i, every) => name !== every[i - 1]);
}

async function refusal(promise, kind) {
  const error = await promise.then(
    () => assert.fail('it was not refused'),
    (refused) => refused,
  );
  assert.ok(error instanceof kind, `${error}`);
  return error;
}

async function settled(id) {
  let response = await responses.retrieve(id);
  while (['queued', 'in_progress'].includes(response.status)) {
    response = await responses.retrieve(id);
  }
  return response;
}

newScenario('responses.create answers, and retrieve, inputItems and delete find what is stored', async () => {
  const { data: created, request_id } = await responses.create(asking('Stored?')).withResponse();

  assert.equal(created.status, 'completed');
  assert.equal(created.output_text, answerOf('Stored?'));
  assert.match(request_id, /./);
  assert.deepEqual(await responses.retrieve(created.id), created);
  const [item] = await all(responses.inputItems.list(created.id));
  assert.deepEqual(item.content[0], { type: 'input_text', text: 'Stored?' });
  await responses.delete(created.id);
  const gone = await refusal(responses.retrieve(created.id), NotFoundError);
  assert.equal(gone.message, `404 Response with id '${created.id}' not found.`);
});

newScenario('inputItems are paged', async () => {
  const input = Array.from({ length: 7 }, (_, i) => ({ role: 'user', content: `Part ${i}` }));
  const { id } = await responses.create(asking(input));

  const items = await all(responses.inputItems.list(id, { order: 'asc', limit: 3 }));

  assert.deepEqual(items.map((item) => item.content[0].text), input.map(({ content }) => content));
});

newScenario('create with stream tells events in their order', async () => {
  const events = await all(await responses.create(asking('Streamed?', { stream: true })));

  assert.deepEqual(names(events), [
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.delta',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.completed',
  ]);
  assert.deepEqual(events.map((event) => event.sequence_number), [...events.keys()]);
});

newScenario('responses.stream puts the answer together', async () => {
  const deltas = [];

  const stream = responses
    .stream(asking('Helped?'))
    .on('response.output_text.delta', (event) => deltas.push(event.delta));
  const response = await stream.finalResponse();

  assert.equal(response.status, 'completed');
  assert.equal(response.output_text, answerOf('Helped?'));
  assert.equal(deltas.join(''), answerOf('Helped?'));
  assert.ok(deltas.length > 1, 'the text came in one piece');
  assert.deepEqual((await responses.retrieve(response.id)).output_text, response.output_text);
});

newScenario('responses.parse reads what a schema describes', async () => {
  const format = {
    type: 'json_schema',
    name: 'place',
    strict: true,
    schema: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    },
  };

  const parsed = await responses.parse(asking('Where? [[text={"city":"Paris"}]]', { text: { format } }));
  const streamed = await responses
    .stream(asking('Where now? [[text={"city":"Rome"}]]', { text: { format } }))
    .finalResponse();

  assert.deepEqual(parsed.output_parsed, { city: 'Paris' });
  assert.deepEqual(streamed.output_parsed, { city: 'Rome' });
});

newScenario('a loop of tools goes on by previous_response_id', async () => {
  const question = 'Tools? [[text="Let me see." call=weather({"city":"Paris"}) call=time({}) then call=time({"n":2})]]';

  let response = await responses.create(asking(question, { tools: TOOLS }));
  const rounds = [];
  while (callsOf(response).length > 0) {
    rounds.push(callsOf(response).map((call) => [call.name, JSON.parse(call.arguments)]));
    response = await responses.create(
      asking(outputsOf(response), { tools: TOOLS, previous_response_id: response.id }),
    );
  }

  assert.deepEqual(rounds, [[['weather', { city: 'Paris' }], ['time', {}]], [['time', { n: 2 }]]]);
  assert.equal(response.output_text, 'Outputs: weather=weather is fine; time=time is fine; time=time is fine');
});

newScenario('streamed calls are put together by the helper', async () => {
  const question = 'Streamed tools? [[call=weather({"city":"Paris"}) call=time({}) chars_per_fragment=3]]';
  const done = [];

  const stream = responses
    .stream(asking(question, { tools: TOOLS }))
    .on('response.function_call_arguments.done', (event) => done.push([event.name, event.arguments]));
  const response = await stream.finalResponse();

  assert.deepEqual(done, [['weather', '{"city":"Paris"}'], ['time', '{}']]);
  assert.deepEqual(callsOf(response).map((call) => call.arguments), ['{"city":"Paris"}', '{}']);
});

newScenario('the whole history is taken back as input when nothing is stored', async () => {
  const input = [{ role: 'user', content: 'By hand? [[call=weather({})]]' }];
  const called = await responses.create(asking(input, { tools: TOOLS, store: false }));

  const answer = await responses.create(
    asking([...input, ...called.output, ...outputsOf(called)], { tools: TOOLS, store: false }),
  );

  assert.equal(answer.output_text, 'Outputs: weather=weather is fine');
});

newScenario('a background response is polled to its end', async () => {
  const fresh = await responses.create(asking('Later? [[first_delay=200ms]]', { background: true }));

  const response = await settled(fresh.id);

  assert.ok(['queued', 'in_progress'].includes(fresh.status), fresh.status);
  assert.equal(response.status, 'completed');
  assert.equal(response.output_text, answerOf('Later?'));
});

newScenario('the helper resumes a background stream behind any event', async () => {
  const question = 'Resumed? [[chunks=12 delay=20ms]]';
  const first = responses.stream(asking(question, { background: true }));
  const seen = [];
  first.on('event', (event) => {
    seen.push(event);
    if (seen.length === 6) {
      first.abort();
    }
  });
  await assert.rejects(first.finalResponse(), APIUserAbortError);
  const { response } = seen[0];

  const second = responses.stream({ response_id: response.id, starting_after: seen.at(-1).sequence_number });
  const rest = await all(second);
  const raw = await all(await responses.retrieve(response.id, { stream: true, starting_after: 3 }));

  assert.equal((await second.finalResponse()).output_text, answerOf(question, 12));
  assert.deepEqual(
    [...seen, ...rest].map((event) => event.sequence_number),
    [...Array(seen.length + rest.length).keys()],
  );
  assert.equal(raw[0].sequence_number, 4);
  assert.equal(raw.at(-1).type, 'response.completed');
});

newScenario('cancel ends a background response, and its stream', async () => {
  const stream = await responses.create(asking('For ever? [[fail=silence@3]]', { background: true, stream: true }));
  let id;
  const types = [];
  for await (const event of stream) {
    types.push(event.type);
    id ??= event.response.id;
    if (event.type === 'response.output_text.delta' && types.filter((type) => type === event.type).length === 3) {
      await responses.cancel(id);
    }
  }

  assert.ok(!types.includes('response.completed'));
  assert.equal((await responses.retrieve(id)).status, 'cancelled');
  assert.equal((await responses.cancel(id)).status, 'cancelled');
});

newScenario('conversations are created, retrieved, updated and deleted', async () => {
  const created = await conversations.create({
    metadata: { a: '1' },
    items: [{ type: 'message', role: 'user', content: 'Before.' }],
  });

  const updated = await conversations.update(created.id, { metadata: { b: '2' } });
  const retrieved = await conversations.retrieve(created.id);
  const deleted = await conversations.delete(created.id);

  assert.deepEqual(created.metadata, { a: '1' });
  assert.deepEqual(updated.metadata, { b: '2' });
  assert.deepEqual(retrieved, updated);
  assert.deepEqual(deleted, { id: created.id, object: 'conversation.deleted', deleted: true });
  await refusal(conversations.retrieve(created.id), NotFoundError);
});

newScenario('items of conversations are created, listed, retrieved and deleted', async () => {
  const { id } = await conversations.create();

  const added = await conversations.items.create(id, {
    items: Array.from({ length: 5 }, (_, i) => ({ type: 'message', role: 'user', content: `Item ${i}` })),
  });
  const listed = await all(conversations.items.list(id, { order: 'asc', limit: 2 }));
  const one = await conversations.items.retrieve(added.data[3].id, { conversation_id: id });
  const conversation = await conversations.items.delete(added.data[3].id, { conversation_id: id });

  assert.deepEqual(ids(listed), ids(added.data));
  assert.deepEqual(one, added.data[3]);
  assert.equal(conversation.id, id);
  assert.equal((await all(conversations.items.list(id))).length, 4);
});

newScenario('responses go on in a conversation', async () => {
  const { id } = await conversations.create();

  await responses.create(asking('One?', { conversation: id }));
  const second = await responses.stream(asking('Two?', { conversation: { id } })).finalResponse();

  assert.deepEqual(second.conversation, { id });
  const items = await all(conversations.items.list(id, { order: 'asc' }));
  assert.deepEqual(items.map((item) => item.content[0].text), ['One?', answerOf('One?'), 'Two?', answerOf('Two?')]);
  assert.equal(items.at(-1).id, second.output[0].id);
});

newScenario('what is refused is told with its code and parameter', async () => {
  const parent = await refusal(
    responses.create(asking('Hm?', { previous_response_id: 'resp_000000000000000000000000' })),
    BadRequestError,
  );
  const hot = await refusal(responses.create(asking('Hm?', { temperature: 3 })), BadRequestError);
  const streamed = await refusal(responses.create(asking('Hm?', { temperature: 3, stream: true })), BadRequestError);
  const foreground = await responses.create(asking('Synchronous?'));
  const cancel = await refusal(responses.cancel(foreground.id), BadRequestError);

  assert.deepEqual(
    [parent.type, parent.code, parent.param],
    ['invalid_request_error', 'previous_response_not_found', 'previous_response_id'],
  );
  assert.deepEqual([hot.type, hot.param], ['invalid_request_error', 'temperature']);
  assert.deepEqual([streamed.type, streamed.param], ['invalid_request_error', 'temperature']);
  assert.equal(cancel.message, '400 Cannot cancel a synchronous response.');
});

newScenario('a model that dies ends the helper with a failed response', async () => {
  const events = [];

  const stream = responses.stream(asking('Will you last? [[chunks=9 fail=reset@4]]'));
  stream.on('event', (event) => events.push(event.type));
  const ended = await stream.finalResponse().then(
    (response) => response.status,
    (error) => error.constructor.name,
  );

  assert.ok(['failed', 'APIError'].includes(ended), ended);
  assert.ok(events.includes('response.output_text.delta'));
});

newScenario('an answer that is cut short is incomplete', async () => {
  const response = await responses
    .stream(asking('How long? [[chunks=3 finish_reason=length]]', { max_output_tokens: 16 }))
    .finalResponse();

  assert.equal(response.status, 'incomplete');
  assert.deepEqual(response.incomplete_details, { reason: 'max_output_tokens' });
});

newScenario('tokens are counted and contexts compacted', async () => {
  const { input_tokens } = await responses.inputTokens.count(asking('How many?'));
  const compacted = await responses.compact(
    asking([
      { role: 'user', content: 'My name is Ada.' },
      { role: 'assistant', content: 'Hello, Ada.' },
    ]),
  );

  assert.ok(input_tokens > 0);
  assert.equal(compacted.object, 'response.compaction');
  const next = await responses.create(asking([...compacted.output, { role: 'user', content: 'Behind it?' }]));
  assert.equal(next.output_text, answerOf('Behind it?'));
});

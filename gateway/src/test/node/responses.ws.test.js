import assert from 'node:assert/strict';
import { answerOf, client, newScenario } from './sdk.js';

const session = { maxLanes: 32, maxBufferedEvents: 10_000, maxBufferedBytes: 10_000_000 };

/** A socket that is open, and a session on it; both are closed when `body` has ended. */
async function connected(body) {
  const { ResponsesWS } = await import('openai/resources/responses/ws');
  const { ResponsesWebSocketSession } = await import('openai/lib/responses/responses-websocket-session');
  const socket = new ResponsesWS(client);
  const errors = [];
  socket.on('error', (error) => errors.push(error));
  const lanes = new ResponsesWebSocketSession(socket, session);
  try {
    await opened(socket);
    await body({ socket, lane: (id) => lanes.lane(id), errors });
  } finally {
    lanes.close();
    socket.close();
  }
}

async function opened(socket) {
  for await (const event of socket.stream()) {
    if (event.type === 'open') {
      return;
    }
    assert.equal(event.type, 'connecting', JSON.stringify(event));
  }
}

function asking(input, more = {}) {
  return { model: 'scripted', input, ...more };
}

/** All events of the lane's next turn. */
async function turn(lane) {
  const events = [];
  do {
    events.push(await lane.receive());
  } while (!/^(error|response\.(completed|failed|incomplete))$/.test(events.at(-1).type));
  return events;
}

newScenario('a socket answers turn by turn, and numbers each from 0', async () => {
  await connected(async ({ lane, errors }) => {
    const only = lane();
    for (const question of ['First turn?', 'Second turn?']) {
      only.create(asking(question));
      const events = await turn(only);

      assert.deepEqual(events.map((event) => event.sequence_number), [...events.keys()]);
      assert.ok(events.every((event) => !('stream_id' in event)));
      assert.equal(events.at(-1).response.output[0].content[0].text, answerOf(question));
    }
    assert.deepEqual(errors, []);
  });
});

newScenario('two named lanes run in parallel and never mix', async () => {
  await connected(async ({ socket, lane }) => {
    const order = [];
    socket.on('event', (event) => order.push(event.stream_id));
    const [left, right] = [lane('left'), lane('right')];

    left.create(asking('Left? [[chunks=30 delay=15ms]]'));
    right.create(asking('Right? [[chunks=30 delay=15ms]]'));
    const [ofLeft, ofRight] = await Promise.all([turn(left), turn(right)]);

    for (const [events, id, question] of [[ofLeft, 'left', 'Left?'], [ofRight, 'right', 'Right?']]) {
      assert.ok(events.every((event) => event.stream_id === id));
      assert.deepEqual(events.map((event) => event.sequence_number), [...events.keys()]);
      assert.equal(events.at(-1).response.output[0].content[0].text, answerOf(question, 30));
    }
    const changes = order.filter((id, i) => i > 0 && id !== order[i - 1]).length;
    assert.ok(changes > 2, `they did not run at once: ${order}`);
  });
});

newScenario('the helper of a lane gives the final response', async () => {
  await connected(async ({ lane }) => {
    const named = lane('helper');

    named.create(asking('Final?'));
    const response = await named.finalResponse();

    assert.equal(response.status, 'completed');
    assert.equal(response.output_text, answerOf('Final?'));
  });
});

newScenario('a chain goes on by previous_response_id although nothing is stored', async () => {
  await connected(async ({ lane }) => {
    const only = lane();
    only.create(asking('Remember me?', { store: false }));
    const first = await only.finalResponse();

    only.create(asking('Who was that?', { store: false, previous_response_id: first.id }));
    const second = await only.finalResponse();

    assert.equal(second.previous_response_id, first.id);
    assert.equal(second.output_text, answerOf('Who was that?'));
    const prompts = await (await fetch(`${process.env.MODEL_URL}prompts`)).json();
    const sent = prompts.findLast((prompt) => prompt.messages.at(-1).content === 'Who was that?');
    assert.deepEqual(
      sent.messages.map((message) => message.content),
      ['Remember me?', answerOf('Remember me?'), 'Who was that?'],
    );
    await assert.rejects(client.responses.retrieve(first.id), /404/);
  });
});

newScenario('an error is an event, and the socket goes on', async () => {
  await connected(async ({ lane, errors }) => {
    const only = lane();

    only.create(asking('Hm?', { previous_response_id: 'resp_000000000000000000000000' }));
    const [error] = await turn(only);
    only.create(asking('And now?'));
    const response = await only.finalResponse();

    assert.equal(error.type, 'error');
    assert.equal(error.status, 400);
    assert.deepEqual(
      [error.error.type, error.error.code, error.error.param],
      ['invalid_request_error', 'previous_response_not_found', 'previous_response_id'],
    );
    assert.equal(errors.length, 1);
    assert.equal(response.output_text, answerOf('And now?'));
  });
});

newScenario('an error on a named lane carries its name', async () => {
  await connected(async ({ lane }) => {
    const named = lane('wrong');

    named.create(asking('Hm?', { temperature: 3 }));
    const [error] = await turn(named);

    assert.deepEqual([error.stream_id, error.status, error.error.param], ['wrong', 400, 'temperature']);
  });
});

newScenario('a response that is prepared without an answer is continued', async () => {
  await connected(async ({ lane }) => {
    const only = lane();
    only.create(asking('Prepared.', { generate: false }));
    const prepared = await only.finalResponse();

    only.create(asking('And the answer?', { previous_response_id: prepared.id }));
    const answer = await only.finalResponse();

    assert.deepEqual([prepared.status, prepared.output], ['completed', []]);
    assert.equal(answer.output_text, answerOf('And the answer?'));
  });
});

newScenario('functions are called and answered over a socket', async () => {
  await connected(async ({ lane }) => {
    const tools = [{ type: 'function', name: 'weather', parameters: { type: 'object', properties: {} }, strict: false }];
    const only = lane();
    only.create(asking('Weather? [[call=weather({})]]', { tools, store: false }));
    const called = await only.finalResponse();

    const [call] = called.output;
    const output = { type: 'function_call_output', call_id: call.call_id, output: 'sun' };
    only.create(asking([output], { tools, store: false, previous_response_id: called.id }));

    assert.equal((await only.finalResponse()).output_text, 'Outputs: weather=sun');
  });
});

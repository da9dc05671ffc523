// The SDK under test, and one spelling for the calls whose arguments changed between its generations.
import { test } from 'node:test';

const name = process.env.OPENAI_PACKAGE ?? 'openai';
const sdk = await import(name);
const isOld = name === 'openai4';

export const { OpenAI, NotFoundError, BadRequestError, APIUserAbortError } = sdk;

/** Without retries: a scenario sees every answer of the gateway. */
function clientOf(baseURL) {
  return new OpenAI({ baseURL, apiKey: 'unused', maxRetries: 0 });
}

export const client = clientOf(process.env.HEDDLE_URL);
export const strictClient = clientOf(process.env.HEDDLE_STRICT_URL);

/** A test that fails, instead of waiting for ever, when the gateway keeps it waiting. */
export function scenario(name, body) {
  test(name, { timeout: 60_000 }, body);
}

/** A scenario of what only the newest generation knows. */
export function newScenario(name, body) {
  if (!isOld) {
    scenario(name, body);
  }
}

export function calls(openai) {
  const { assistants, threads } = openai.beta;
  const { messages, runs } = threads;
  return {
    deleteAssistant: (id) => (isOld ? assistants.del(id) : assistants.delete(id)),
    deleteThread: (id) => (isOld ? threads.del(id) : threads.delete(id)),
    message: (thread, id) => (isOld ? messages.retrieve(thread, id) : messages.retrieve(id, { thread_id: thread })),
    updateMessage: (thread, id, body) =>
      isOld ? messages.update(thread, id, body) : messages.update(id, { thread_id: thread, ...body }),
    run: (thread, id) => (isOld ? runs.retrieve(thread, id) : runs.retrieve(id, { thread_id: thread })),
    updateRun: (thread, id, body) =>
      isOld ? runs.update(thread, id, body) : runs.update(id, { thread_id: thread, ...body }),
    cancel: (thread, id) => (isOld ? runs.cancel(thread, id) : runs.cancel(id, { thread_id: thread })),
    submit: (thread, id, body) =>
      isOld ? runs.submitToolOutputs(thread, id, body) : runs.submitToolOutputs(id, { thread_id: thread, ...body }),
    submitAndPoll: (thread, id, body) =>
      isOld
        ? runs.submitToolOutputsAndPoll(thread, id, body)
        : runs.submitToolOutputsAndPoll(id, { thread_id: thread, ...body }),
    submitStream: (thread, id, body) =>
      isOld
        ? runs.submitToolOutputsStream(thread, id, body)
        : runs.submitToolOutputsStream(id, { thread_id: thread, ...body }),
    poll: (thread, id) => (isOld ? runs.poll(thread, id) : runs.poll(id, { thread_id: thread })),
    steps: (thread, run, query = {}) =>
      isOld ? runs.steps.list(thread, run, query) : runs.steps.list(run, { thread_id: thread, ...query }),
    step: (thread, run, id) =>
      isOld ? runs.steps.retrieve(thread, run, id) : runs.steps.retrieve(id, { thread_id: thread, run_id: run }),
  };
}

/** An assistant and an empty thread. */
export async function stage(openai = client) {
  const assistant = await openai.beta.assistants.create({ model: 'scripted' });
  const thread = await openai.beta.threads.create();
  return { assistant: assistant.id, thread: thread.id };
}

/** The body of a run that brings its question. */
export function asking(assistant, question) {
  return { assistant_id: assistant, additional_messages: [{ role: 'user', content: question }] };
}

/** What the model answers when the question asks for so many chunks. */
export function answerOf(question, chunks) {
  const words = `Answer to: ${question.replace(/\[\[.*?]]/g, '').trim()}`.split(/(?=\s)/);
  return Array.from({ length: chunks ?? words.length }, (_, i) => words[i] ?? ` w${i}`).join('');
}

export function textOf(message) {
  return message.content[0].text.value;
}

export async function all(pages) {
  const objects = [];
  for await (const object of pages) {
    objects.push(object);
  }
  return objects;
}

export function ids(objects) {
  return objects.map((object) => object.id);
}

// One line of JSON for each test, for OpenAiNodeIT; what the tests complain of besides goes on to stderr.
export default async function* report(events) {
  for await (const { type, data } of events) {
    if (type === 'test:stderr') {
      process.stderr.write(data.message);
    }
    if (type === 'test:pass' || type === 'test:fail') {
      yield `${JSON.stringify({ name: data.name, error: type === 'test:pass' ? '' : reason(data.details.error) })}\n`;
    }
  }
}

function reason(error) {
  const cause = error.cause ?? error;
  return cause.stack ?? String(cause);
}

/**
 * A reporter of Node's own test runner that writes its results as JSON lines for ours.
 * @param {AsyncIterable<{ type: string, data: any }>} source
 */
export default async function* nodeEvents(source) {
  for await (const { type, data } of source) {
    if ((type === 'test:pass' || type === 'test:fail') && data.details?.type !== 'suite') {
      const error = data.details?.error;
      yield `${JSON.stringify({
        name: data.name,
        file: data.file,
        outcome: data.skip || data.todo ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed',
        durationMs: data.details?.duration_ms ?? 0,
        text: error ? String(error.cause?.stack ?? error.cause ?? error.stack ?? error.message) : '',
      })}\n`;
    }
  }
}

#!/usr/bin/env bash
# A replay of a Temporal history unmaps the stacks of the process that led it, but only of errors of a subclass.
#
# Replays (Worker.runReplayHistory of the TypeScript SDK, 1.24.0), and Workers with debugMode, run workflow code in the main
# thread and leave a formatter of stacks behind there. It takes an error for one of a workflow when its constructor is not
# the main context's `Error` itself, so a TypeError, or any class of one's own, of code that has nothing to do with workflows
# is formatted with the source maps of workflow bundles: under --enable-source-maps its places name compiled files from then
# on, while a plain Error of the very next line still names TypeScript. Expected by most: that a replay in a test or in a
# command leaves no trace, and that all errors of one file are mapped alike. A comment in the SDK says that its hooks are not
# taken back in that mode; that they tell subclasses apart is said nowhere.
# What helps: to remember Error.prepareStackTrace before the first replay or Worker, and to have it format whatever is an
# `instanceof Error` of the main context.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --ignore-scripts --no-audit --no-fund typescript@5.9.3 @temporalio/worker@1.24.0 @temporalio/workflow@1.24.0
mkdir src
cat > src/charge.ts <<'TS'
/* Three lines
   that the compiled
   file does not have. */
interface Amount { minor: number }

export class ChargeError extends Error {}

export function failing(amount: Amount): { plain: Error; own: Error } {
  return { plain: new Error(`cannot charge ${amount.minor}`), own: new ChargeError(`cannot charge ${amount.minor}`) };
}
TS
npx tsc src/charge.ts --outDir out --sourceMap --module commonjs --target es2022 --removeComments
echo 'exports.order = async function order() {};' > workflows.js
cat > try.cjs <<'JS'
const path = require('node:path');
const { DefaultLogger, Runtime, Worker } = require('@temporalio/worker');
const { failing } = require('./out/charge.js');
const where = (error) => /charge\.(?:ts|js)/.exec(error.stack)?.[0];
const places = () => {
  const { plain, own } = failing({ minor: 5 });
  return `Error ${where(plain)}, its subclass ${where(own)}`;
};
const taskQueue = { name: 'orders' };
const run = '00000000-0000-4000-8000-000000000001';
const event = (eventId, type, members) => ({ eventId, eventTime: '2026-11-30T00:00:00Z', eventType: `EVENT_TYPE_${type}`, ...members });
const history = {
  events: [
    event('1', 'WORKFLOW_EXECUTION_STARTED', {
      workflowExecutionStartedEventAttributes: { workflowType: { name: 'order' }, taskQueue, originalExecutionRunId: run, firstExecutionRunId: run, attempt: 1, workflowTaskTimeout: '10s' },
    }),
    event('2', 'WORKFLOW_TASK_SCHEDULED', { workflowTaskScheduledEventAttributes: { taskQueue, startToCloseTimeout: '10s', attempt: 1 } }),
    event('3', 'WORKFLOW_TASK_STARTED', { workflowTaskStartedEventAttributes: { scheduledEventId: '2', identity: 'worker', requestId: 'request' } }),
    event('4', 'WORKFLOW_TASK_COMPLETED', { workflowTaskCompletedEventAttributes: { scheduledEventId: '2', startedEventId: '3', identity: 'worker' } }),
    event('5', 'WORKFLOW_EXECUTION_COMPLETED', { workflowExecutionCompletedEventAttributes: { workflowTaskCompletedEventId: '4' } }),
  ],
};
async function main() {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined), telemetryOptions: { logging: { filter: 'OFF', forward: {} } } });
  console.log(`before: ${places()}`);
  await Worker.runReplayHistory({ workflowsPath: path.resolve('workflows.js') }, history, 'order/1');
  console.log(`after: ${places()}`);
}
main();
JS
seen=$(node --enable-source-maps try.cjs)
echo "$seen"
[ "$seen" = 'before: Error charge.ts, its subclass charge.ts
after: Error charge.ts, its subclass charge.js' ]
echo "as described"

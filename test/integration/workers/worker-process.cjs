/**
 * A Worker of subscription-svc in a process of its own: it runs workflows and none of their activities. Says how many
 * threads the SDK has begun for workflows when it polls; ends when its standard input does.
 */
const path = require('node:path');
const threads = require('node:worker_threads');

let begun = 0;
threads.Worker = class extends threads.Worker {
  constructor(...args) {
    super(...args);
    begun += 1;
  }
};

const { DefaultLogger, NativeConnection, Runtime, Worker } = require('@temporalio/worker');

const projectFolder = path.resolve(__dirname, '..', '..', '..');
const { runWorkflowsPlainly } = require(path.join(projectFolder, 'dist/workers/plain-workflows.js'));
const { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace } = process.env;
Runtime.install({
  logger: new DefaultLogger('ERROR', () => undefined),
  telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
});

async function main() {
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: 'subscription-svc',
    ...(process.argv[2] === 'plain' ? runWorkflowsPlainly() : {}),
    workflowBundle: { codePath: path.join(projectFolder, 'dist', 'workflow-bundle.js') },
  });
  process.stdin.once('end', () => worker.shutdown()).resume();
  console.log(`threads: ${begun}`);
  await worker.run();
  await connection.close();
}

void main();

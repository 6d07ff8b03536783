/**
 * A Worker of subscription-svc in a process of its own, with whatever that process has preloaded: it runs workflows and none
 * of their activities. Says when it polls; ends when its standard input does.
 */
const path = require('node:path');

const { DefaultLogger, NativeConnection, Runtime, Worker } = require('@temporalio/worker');

const projectFolder = path.resolve(__dirname, '..', '..', '..');
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
    workflowBundle: { codePath: path.join(projectFolder, 'dist', 'workflow-bundle.js') },
  });
  process.stdin.once('end', () => worker.shutdown()).resume();
  console.log('polling');
  await worker.run();
  await connection.close();
}

void main();

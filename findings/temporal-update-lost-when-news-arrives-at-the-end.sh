#!/usr/bin/env bash
# An update whose workflow task could not be completed fails for its caller, although its workflow is well and goes on.
#
# Temporal server 1.29.1 (CLI 1.5.1), TypeScript SDK 1.24.0. A workflow answers an update and ends in the same task. When a
# signal comes in while that task is under way, the server does not accept the end: the task fails with UNHANDLED_COMMAND,
# as documented, and runs again with the signal. The update of that task is not handed to the next one: its caller gets
# FAILED_PRECONDITION, "Unable to perform workflow execution update due to unexpected workflow task failure", within
# milliseconds. The workflow, which took the update for one of its first task, waits for one that nobody repeats.
# Expected by most: that a failed workflow task is retried with all that it held, as it is when workflow code throws
# (then the same update is answered by the next attempt), and that the SDK's retries cover the rest. They do not:
# FAILED_PRECONDITION is not among the codes that the SDK tries again. Sending it again under the same update id is safe,
# and is answered. With update-with-start the message is "Update-with-Start could not be executed", the same code.
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2> /dev/null; wait 2> /dev/null; rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --ignore-scripts --no-audit --no-fund @temporalio/worker@1.24.0 @temporalio/workflow@1.24.0 \
  @temporalio/client@1.24.0 @temporalio/activity@1.24.0
temporal=$(command -v temporal || true)
if [ -z "$temporal" ] || ! "$temporal" --version | grep -q 'version 1.5.1 '; then
  GOBIN=$folder GOFLAGS=-mod=mod go install github.com/temporalio/cli/cmd/temporal@v1.5.1
  temporal=$folder/temporal
fi
cat > workflows.js <<'JS'
const wf = require('@temporalio/workflow');
const { step } = wf.proxyLocalActivities({ startToCloseTimeout: '10 s' });
exports.asked = async function asked() {
  let isAnswered = false;
  wf.setHandler(wf.defineSignal('news'), () => undefined);
  wf.setHandler(wf.defineUpdate('ask'), async () => {
    await step();
    isAnswered = true;
    return 'answered';
  });
  await wf.condition(() => isAnswered);
};
JS
cat > try.cjs <<'JS'
const { Client, Connection } = require('@temporalio/client');
const { DefaultLogger, NativeConnection, Runtime, Worker } = require('@temporalio/worker');
const address = process.argv[2];
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
async function main() {
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'OFF', forward: {} } } });
  let connection;
  for (let tries = 0; connection === undefined; tries += 1) {
    connection = await NativeConnection.connect({ address }).catch(async (error) => {
      if (tries === 60) throw error;
      await pause(500);
    });
  }
  const client = new Client({ connection: await Connection.connect({ address }) });
  let steps = 0;
  const worker = await Worker.create({
    connection,
    taskQueue: 'asked',
    workflowsPath: require.resolve('./workflows.js'),
    activities: {
      async step() {
        steps += 1;
        if (steps === 1) await client.workflow.getHandle('asked').signal('news');
      },
    },
  });
  const running = worker.run();
  const handle = await client.workflow.start('asked', { workflowId: 'asked', taskQueue: 'asked', args: [] });
  const ask = () => handle.executeUpdate('ask', { updateId: 'the-same' }).catch((error) => error.cause.message);
  console.log(`first: ${await ask()}`);
  console.log(`again: ${await ask()}`);
  await handle.result();
  const { events } = await handle.fetchHistory();
  console.log(`failed tasks: ${events.filter((event) => event.workflowTaskFailedEventAttributes).length}`);
  worker.shutdown();
  await running;
}
main().then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
JS
port=$(node -e "const s = require('net').createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close(); })")
"$temporal" server start-dev --headless --ip 127.0.0.1 --port "$port" --log-level never > /dev/null 2>&1 &
server=$!
seen=$(node try.cjs "127.0.0.1:$port")
echo "$seen"
wanted='first: 9 FAILED_PRECONDITION: Unable to perform workflow execution update due to unexpected workflow task failure.
again: answered
failed tasks: 1'
[ "$seen" = "$wanted" ] || { echo 'This has changed.'; exit 1; }

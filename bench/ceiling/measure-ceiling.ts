import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import { Client, Connection, WithStartWorkflowOperation } from '@temporalio/client';

import { closedLoop, type LoopResult } from '../closed-loop';

/** Same start input size as a one-line order. */
const input = {
  companyId: 1,
  orderId: 1,
  customerId: 1,
  items: [{ productId: 1, quantity: 1 }],
  shippingAddress: '12 Tràng Tiền, Hà Nội',
};

/** Rate of a workflow of the order's shape whose steps do nothing, driven straight through a client, on the same server. */
export async function measureCeiling(address: string, clients: number, seconds: number): Promise<LoopResult> {
  const worker = fork(path.join(__dirname, 'worker.js'), [address], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(worker, 'message');
  const connection = await Connection.connect({ address });
  const { workflow } = new Client({ connection });
  const run = String(performance.now());
  let counter = 0;
  const one = async () => {
    counter += 1;
    const workflowId = `ceiling/${run}/${clients}/${counter}`;
    const start = new WithStartWorkflowOperation('ceiling', {
      workflowId,
      taskQueue: 'bench-ceiling',
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    await workflow.executeUpdateWithStart('placeOrder', { startWorkflowOperation: start, updateId: 'placeOrder' });
    await workflow.getHandle(workflowId).executeUpdate('settlePayment', { args: [{ paymentId: counter }] });
  };
  await closedLoop(clients, Math.min(5, seconds), one);
  const result = await closedLoop(clients, seconds, one);
  worker.disconnect();
  await once(worker, 'exit');
  await connection.close();

  return result;
}

import { condition, defineUpdate, proxyLocalActivities, setHandler } from '@temporalio/workflow';

const nothing = proxyLocalActivities<{ doNothing(input: unknown): Promise<unknown> }>({
  startToCloseTimeout: '5 s',
  localRetryThreshold: '1 s',
});
const placeUpdate = defineUpdate<unknown, []>('placeOrder');
const settleUpdate = defineUpdate<void, [unknown]>('settlePayment');

/** The shape of an order that is placed and paid, with steps that do nothing: what this server can do at best. */
export async function ceiling(input: unknown): Promise<void> {
  let placed: unknown = null;
  let settled = false;
  let asked: unknown = null;
  setHandler(placeUpdate, async () => {
    await condition(() => placed !== null);

    return placed;
  });
  setHandler(settleUpdate, async (message) => {
    asked = message;
    await condition(() => settled);
  });
  placed = await nothing.doNothing(input);
  await condition(() => asked !== null, '15 min');
  await nothing.doNothing(asked);
  settled = true;
  await condition(() => false);
}

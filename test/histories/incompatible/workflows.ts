import { sleep } from '@temporalio/workflow';

/** What a careless change would be: these commands are not the ones the histories hold. */
async function waitFirst(): Promise<void> {
  await sleep(1_000);
}

export const dunningCampaign = waitFirst;
export const modelSwitch = waitFirst;
export const order = waitFirst;
export const payment = waitFirst;
export const priceMove = waitFirst;
export const subscription = waitFirst;
export const targetDrift = waitFirst;
export const testClock = waitFirst;

import { sleep } from '@temporalio/workflow';

/** What a careless change would be: these commands are not the ones the histories hold. */
export async function order(): Promise<void> {
  await sleep(1_000);
}

export async function payment(): Promise<void> {
  await sleep(1_000);
}

import { condition, defineSignal, defineUpdate, proxyLocalActivities, setHandler } from '@temporalio/workflow';

export const newsSignal = defineSignal('news');
export const askUpdate = defineUpdate<string>('ask');

const steps = proxyLocalActivities<{ step(): Promise<void> }>({ startToCloseTimeout: '10 s' });

/** Ends on its first answer, as a payment does when there is nothing to give back. */
export async function asked(): Promise<void> {
  let isAnswered = false;
  setHandler(newsSignal, () => undefined);
  setHandler(askUpdate, async () => {
    await steps.step();
    isAnswered = true;

    return 'answered';
  });
  await condition(() => isAnswered);
}

import { condition, defineSignal, defineUpdate, proxyLocalActivities, setHandler } from '@temporalio/workflow';

export const newsSignal = defineSignal('news');
export const askUpdate = defineUpdate<string>('ask');

const steps = proxyLocalActivities<{ step(): Promise<void> }>({ startToCloseTimeout: '10 s' });

/** Ends on its first answer or on news, as a payment does when there is nothing to give back. */
export async function asked({ endsOnNews }: { endsOnNews: boolean }): Promise<void> {
  let isAnswered = false;
  let hasNews = false;
  setHandler(newsSignal, () => {
    hasNews = endsOnNews;
  });
  setHandler(askUpdate, async () => {
    await steps.step();
    isAnswered = true;

    return 'answered';
  });
  await condition(() => isAnswered || hasNews);
}

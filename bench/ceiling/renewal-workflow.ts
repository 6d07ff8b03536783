import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineUpdate,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';

const nothing = proxyLocalActivities<{ doNothing(input: unknown): Promise<unknown> }>({
  startToCloseTimeout: '10 s',
  localRetryThreshold: '1 s',
});
const advancedUpdate = defineUpdate<void, [unknown]>('clockAdvanced');
const turnsPerRun = 24;

/** The shape of a subscription on a test clock, with steps that do nothing: one wait point, twelve renewals a run. */
export async function renewalCeiling(input: { companyId: number; subscriptionId: number }): Promise<void> {
  let asked = 0;
  let done = 0;
  setHandler(advancedUpdate, async () => {
    asked += 1;
    const turn = asked;
    await condition(() => done >= turn);
  });
  await nothing.doNothing(input);

  while (done < turnsPerRun) {
    await condition(() => asked > done);
    const answer = await nothing.doNothing(input);
    setCurrentDetails(JSON.stringify(answer));
    done += 1;
  }
  await condition(allHandlersFinished);
  await continueAsNew<typeof renewalCeiling>(input);
}

import fc from 'fast-check';

import {
  creditChoices,
  type ProrationBehavior,
  prorationBehaviors,
  type CreditChoice,
} from '../../../domain/subscriptions/lifecycle/subscription-types';

/** What a request says of what a change costs, and of what is not used, in place of what the company has set. */

const seldom = <Choice>(choices: readonly Choice[]): fc.Arbitrary<Choice | undefined> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom<Choice | undefined>(...choices) },
  );

export const anyBilled = seldom<ProrationBehavior>(prorationBehaviors);
export const anyUnused = seldom<CreditChoice>(creditChoices);

type Asked = { billed?: ProrationBehavior | undefined; unused?: CreditChoice | undefined };

/** Without what is not said, and what belongs to an end at once alone; giving back is not asked where nothing is to be billed. */
export function saidOf<Command extends { when?: string } & Asked>({ billed, unused, ...command }: Command) {
  const isEnd = command.when === 'end';
  const isContrary = billed === 'none' && unused === 'prorate';

  return {
    ...command,
    ...(billed === undefined || isEnd ? {} : { billed }),
    ...(unused === undefined || isEnd || isContrary ? {} : { unused }),
  };
}

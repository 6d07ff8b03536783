import { AppError } from '../../errors';
import type { SubscriptionCommand } from '../lifecycle/decision-types';

type Ending = Extract<SubscriptionCommand, { type: 'cancel' | 'pause' | 'remove_addon' }>;

/**
 * What a request says of service that is not used belongs to an end at once.
 * @throws AppError validation_failed that names the member
 */
export function requireAtOnce(command: Ending): void {
  const behavior = command.type === 'remove_addon' ? command.prorationBehavior : undefined;

  for (const [name, said] of Object.entries({ creditUnused: command.creditUnused, prorationBehavior: behavior })) {
    if (said !== undefined && command.atPeriodEnd) {
      throw new AppError('validation_failed', {
        field: `/${name}`,
        detail: `${name}: Nothing is unused at the end of a period. Leave it out, or ask for the end at once.`,
      });
    }
  }

  if (behavior === 'none' && command.creditUnused === 'prorate') {
    throw new AppError('validation_failed', {
      field: '/creditUnused',
      detail: 'creditUnused: It cannot be prorate where prorationBehavior is none.',
    });
  }
}

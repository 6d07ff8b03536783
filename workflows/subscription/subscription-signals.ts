import { ApplicationFailure } from '@temporalio/common';

import type { RequestedCommand } from '../../domain/subscriptions/commands/subscription-command-schema';

export type SubscriptionSignalName = 'changePlan' | 'cancel' | 'pause' | 'resume' | 'reactivate' | 'cancelChange';

const longestReason = 200;

/**
 * What a person sent from a terminal, as a command. Unknown members are refused, because a misspelt one would be ignored
 * in silence. @throws ApplicationFailure validation_failed
 */
export function readSubscriptionSignal(name: SubscriptionSignalName, message: unknown): RequestedCommand {
  const given = membersOf(message);

  switch (name) {
    case 'changePlan':
      allow(given, ['newPlanId', 'quantity', 'immediate']);

      if (given['newPlanId'] === undefined && given['quantity'] === undefined) {
        throw unusable('newPlanId or quantity is needed: {"newPlanId":3,"immediate":true}');
      }

      return {
        type: 'change_plan',
        newPlanId: wholeNumber(given, 'newPlanId'),
        quantity: wholeNumber(given, 'quantity'),
        immediate: flag(given, 'immediate'),
        prorationDate: null,
      };
    case 'cancel':
      allow(given, ['reason', 'cancelAtPeriodEnd']);

      return { type: 'cancel', reason: reasonOf(given), cancelAtPeriodEnd: flag(given, 'cancelAtPeriodEnd') ?? true };
    case 'pause':
      allow(given, ['reason', 'atPeriodEnd']);

      return { type: 'pause', reason: reasonOf(given), atPeriodEnd: flag(given, 'atPeriodEnd') ?? false };
    case 'cancelChange': {
      allow(given, ['changeId']);
      const changeId = wholeNumber(given, 'changeId');

      if (changeId === null) {
        throw unusable('changeId is needed: {"changeId":3}');
      }

      return { type: 'cancel_change', changeId };
    }
    default:
      allow(given, []);

      return { type: name };
  }
}

type Members = Readonly<Record<string, unknown>>;

function membersOf(message: unknown): Members {
  if (message === undefined || message === null) {
    return {};
  }

  if (typeof message !== 'object' || Array.isArray(message)) {
    throw unusable('the input must be a JSON object');
  }

  return message as Members;
}

function allow(given: Members, names: readonly string[]): void {
  const unknown = Object.keys(given).filter((name) => !names.includes(name));

  if (unknown.length > 0) {
    throw unusable(`${unknown.join(', ')} is not known here; ${names.join(', ') || 'nothing'} is`);
  }
}

function wholeNumber(given: Members, name: string): number | null {
  const value = given[name] ?? null;

  if (value !== null && (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)) {
    throw unusable(`${name} must be a whole number above 0`);
  }

  return value;
}

function flag(given: Members, name: string): boolean | null {
  const value = given[name] ?? null;

  if (value !== null && typeof value !== 'boolean') {
    throw unusable(`${name} must be true or false`);
  }

  return value;
}

function reasonOf(given: Members): string | null {
  const reason = given['reason'] ?? null;

  // eslint-disable-next-line no-control-regex -- PostgreSQL keeps no NUL
  if (reason !== null && (typeof reason !== 'string' || reason.length > longestReason || /\u0000/.test(reason))) {
    throw unusable(`reason must be a text of at most ${longestReason} characters`);
  }

  return reason;
}

function unusable(what: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(what, 'validation_failed');
}

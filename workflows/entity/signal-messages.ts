import { ApplicationFailure } from '@temporalio/common';

const longestReason = 200;

/** A person's `cancel`: `{"reason":"…"}` or nothing. @throws ApplicationFailure validation_failed */
export function readCancelMessage(message: unknown): string {
  const reason = (message as { reason?: unknown } | null | undefined)?.reason ?? 'cancelled by an operator';

  // eslint-disable-next-line no-control-regex -- PostgreSQL keeps no NUL
  if (typeof reason !== 'string' || reason.trim() === '' || reason.length > longestReason || /\u0000/.test(reason)) {
    throw unusable(`reason must be a text of 1 to ${longestReason} characters`);
  }

  return reason;
}

/** A relay's `paymentSettled`: `{"paymentId":88}`. @throws ApplicationFailure validation_failed */
export function readSettledMessage(message: unknown): number {
  const paymentId = (message as { paymentId?: unknown } | null | undefined)?.paymentId;

  if (typeof paymentId !== 'number' || !Number.isSafeInteger(paymentId)) {
    throw unusable('paymentId must be a whole number');
  }

  return paymentId;
}

function unusable(what: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(what, 'validation_failed');
}

import type { z } from 'zod';

import { startSubscription } from '../../clients/subscription-client';
import { forgetPaymentMethod } from '../../domain/payments/forget-payment-method';
import { savePaymentMethod } from '../../domain/payments/save-payment-method';
import type { CreateSubscription } from '../../domain/subscriptions/steps/create-subscription';
import type { ApiDependencies } from '../dependencies';
import { answerDeadline } from '../http/pipeline/answer-deadline';
import { mapError } from '../http/pipeline/map-error';
import { addonsOf, type CreateSubscriptionRequest } from './schemas';

interface Options {
  companyId: number;
  /** Reserved for it: a repeat with the same one finds what the first try made. */
  subscriptionId: number;
  customerId: number;
  body: z.output<typeof CreateSubscriptionRequest>;
  now: Date;
}

/**
 * Saves the payment method that a request brings, and has the workflow of a new subscription begin it. Refused, it saves none.
 * @returns false when it is being created: it is to be asked for at its address
 * @throws AppError of the refusal; unavailable when it could not even be started
 */
export async function beginSubscription(
  deps: Pick<ApiDependencies, 'database' | 'temporal' | 'clock' | 'config' | 'gateways'>,
  { companyId, subscriptionId, customerId, body, now }: Options,
): Promise<boolean> {
  const token = body.paymentToken ?? null;
  const method = body.paymentMethod ?? (token === null ? null : 'card');
  const paymentMethodId =
    token === null || method === null
      ? (body.paymentMethodId ?? null)
      : await deps.database.withTenantSql(companyId, (tx) =>
          savePaymentMethod(tx, { customerId, method, token, gateways: deps.gateways, now }),
        );
  const addons = addonsOf(body);
  const create: CreateSubscription = {
    subscriptionId,
    customerId,
    planId: body.planId,
    ...(body.currency === undefined ? {} : { currency: body.currency }),
    useTrial: body.useTrial,
    ...(body.trialDays == null ? {} : { trialDays: body.trialDays }),
    ...(body.trialEnd == null ? {} : { trialEnd: body.trialEnd }),
    quantity: body.quantity,
    billingAnchorDay: body.billingAnchorDay ?? null,
    endsAt: body.endsAt ?? null,
    ...(body.startsAt == null ? {} : { startsAt: body.startsAt }),
    paymentMethod: method,
    paymentMethodId,
    ...(body.daysUntilDue == null ? {} : { daysUntilDue: body.daysUntilDue }),
    ...(body.usageThreshold == null ? {} : { usageThreshold: body.usageThreshold }),
    ...(body.phases === undefined ? {} : { phases: body.phases }),
    ...(body.promotionCode == null ? {} : { promotionCode: body.promotionCode }),
    ...(body.promotionCodes === undefined ? {} : { promotionCodes: body.promotionCodes }),
    ...(addons.addonIds.length + addons.addonKeys.length === 0 ? {} : { addons }),
  };

  try {
    return await startSubscription(deps, companyId, create, { until: answerDeadline(deps), now: deps.clock.now });
  } catch (error) {
    if (token !== null && paymentMethodId !== null && mapError(error).status < 500) {
      await deps.database.withTenantSql(companyId, (tx) => forgetPaymentMethod(tx, { paymentMethodId, savedAt: now }));
    }
    throw error;
  }
}

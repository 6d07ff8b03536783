import { z } from 'zod';

import { subscriptionCommands } from '../../domain/subscriptions/commands/subscription-command-schema';
import type { ApiDependencies } from '../dependencies';
import { idParameter, idParams, promotionCode } from '../http/pipeline/fields';
import { defineRoute, type Route, signedIn } from '../http/pipeline/route';
import { promotionErrors } from '../promotions/promotion-errors';
import { answerChange } from './answer-change';
import { PreviewQuery, PreviewSchema, SubscriptionSchema, tag } from './schemas';

const changed = { 200: z.union([SubscriptionSchema, PreviewSchema]) };

/** Promotions of a subscription that runs. `?preview=true` answers what a change would bill, and changes nothing. */
export function createSubscriptionDiscountRoutes(deps: ApiDependencies): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/subscriptions/:id/discounts',
      operationId: 'applyPromotion',
      summary: 'Apply a promotion by its code',
      description:
        'It is taken off from the next invoice on. One that is issued ahead, or the first one while it is not paid, is issued again with it.',
      tag,
      access: signedIn,
      params: idParams,
      body: subscriptionCommands.apply_promotion,
      query: PreviewQuery,
      responses: changed,
      errors: ['not_found', 'subscription_state', 'charge_in_flight', ...promotionErrors],
      handler: ({ params, query, body, ...request }) =>
        answerChange(deps, {
          ...request,
          subscriptionId: params.id,
          command: { type: 'apply_promotion', ...body },
          isPreview: query.preview === 'true',
        }),
    }),
    defineRoute({
      method: 'delete',
      path: '/subscriptions/:id/discounts/:code',
      operationId: 'removePromotion',
      summary: 'Take a promotion off again',
      description: 'From the next invoice on. Its code stays used, unless nothing was ever paid.',
      tag,
      access: signedIn,
      params: z.strictObject({ id: idParameter, code: promotionCode }),
      query: PreviewQuery,
      responses: changed,
      errors: ['not_found', 'subscription_state', 'charge_in_flight'],
      handler: ({ params: { id, code }, query, ...request }) =>
        answerChange(deps, {
          ...request,
          subscriptionId: id,
          command: { type: 'remove_promotion', promotionCode: code },
          isPreview: query.preview === 'true',
        }),
    }),
  ];
}

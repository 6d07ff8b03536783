import { z } from 'zod';

import type { ApiDependencies } from '../dependencies';
import { idParameter, promotionCode } from '../http/pipeline/fields';
import { defineRoute, type Route, signedIn } from '../http/pipeline/route';
import { promotionErrors } from '../promotions/promotion-errors';
import { answerChange } from './answer-change';
import { changeAnswers, changeRoute } from './change-route';
import { PreviewQuery, tag } from './schemas';

/** Promotions of a subscription that runs. `?preview=true` answers what a change would bill, and changes nothing. */
export function createSubscriptionDiscountRoutes(deps: ApiDependencies): Route[] {
  return [
    changeRoute(deps, {
      type: 'apply_promotion',
      path: 'discounts',
      operationId: 'applyPromotion',
      summary: 'Apply a promotion by its code',
      description:
        'It is taken off from the next invoice on. One that is issued ahead, or the first one while it is not paid, is issued again with it.',
      errors: ['charge_in_flight', ...promotionErrors],
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
      responses: changeAnswers,
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

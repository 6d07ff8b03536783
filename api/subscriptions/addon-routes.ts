import { z } from 'zod';

import { ownCustomer } from '../../domain/identity/principal';
import { subscriptionCommands } from '../../domain/subscriptions/commands/subscription-command-schema';
import { listUserAddons } from '../../domain/subscriptions/row/read-subscriptions';
import { viewUserAddon } from '../../domain/subscriptions/row/user-addon-view';
import type { ApiDependencies } from '../dependencies';
import { idParameter, idParams } from '../http/pipeline/fields';
import { decodeCursor, pageOf, pageParameters, toPage } from '../http/pipeline/page';
import { defineRoute, type Route, signedIn } from '../http/pipeline/route';
import { answerChange } from './answer-change';
import { changeAnswers } from './change-route';
import { findSubscription } from './command-subscription';
import { PreviewQuery, tag, UserAddonSchema } from './schemas';

const ofAddon = z.strictObject({ id: idParameter, addonId: idParameter.describe('Of what is sold.') });

/** Add-ons of a subscription (S237). `?preview=true` answers what a change would bill, and changes nothing. */
export function createSubscriptionAddonRoutes(deps: ApiDependencies): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/subscriptions/:id/addons',
      operationId: 'listSubscriptionAddons',
      summary: 'The add-ons that a subscription has or had, newest first',
      tag,
      access: signedIn,
      params: idParams,
      query: z.strictObject(pageParameters),
      responses: { 200: pageOf(UserAddonSchema) },
      errors: ['not_found'],
      async handler({ params: { id }, query: { limit, cursor }, companyId, principal }) {
        const of = { companyId, subscriptionId: id, customerId: ownCustomer(principal) };
        const { timeZone } = await findSubscription(deps, of);
        const before = decodeCursor(z.int(), cursor);
        const rows = await deps.database.withTenant(companyId, (tx) =>
          listUserAddons(tx, { subscriptionId: id, before, limit: limit + 1 }),
        );
        const view = (row: (typeof rows)[number]) => viewUserAddon(row, timeZone);

        return { status: 200, body: toPage(rows, { limit, positionOf: (row) => Number(row.id), view }) };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/subscriptions/:id/addons',
      operationId: 'buySubscriptionAddons',
      summary: 'Buy add-ons',
      description:
        'All of them on one invoice (`latestInvoiceId`), charged to the saved method or to be paid at `paymentUrl`; they unlock their features when it is paid. One that was to be removed goes on instead; a top-up (`prepaid`) may be bought again and again. Send an Idempotency-Key, so that a repeat cannot buy twice.',
      tag,
      access: signedIn,
      params: idParams,
      body: subscriptionCommands.add_addons,
      query: PreviewQuery,
      responses: changeAnswers,
      errors: [
        'not_found',
        'addon_not_found',
        'addon_unavailable',
        'addon_owned',
        'meter_billed_elsewhere',
        'meter_priced_by_percentage',
        'prepaid_before_start',
        'price_not_in_currency',
        'model_not_accepting',
        'subscription_state',
        'subscription_past_due',
      ],
      handler: ({ params, query, body, ...request }) =>
        answerChange(deps, {
          ...request,
          subscriptionId: params.id,
          command: { type: 'add_addons', ...body },
          isPreview: query.preview === 'true',
        }),
    }),
    defineRoute({
      method: 'patch',
      path: '/subscriptions/:id/addons/:addonId',
      operationId: 'changeSubscriptionAddon',
      summary: 'Change how many of an add-on there are',
      description: 'Prorated now, or at the end of its period, as plans are.',
      tag,
      access: signedIn,
      params: ofAddon,
      body: subscriptionCommands.change_addon.omit({ addonId: true }),
      query: PreviewQuery,
      responses: changeAnswers,
      errors: [
        'not_found',
        'no_change',
        'subscription_state',
        'subscription_past_due',
        'charge_in_flight',
        'already_billed',
      ],
      handler: ({ params: { id, addonId }, query, body, ...request }) =>
        answerChange(deps, {
          ...request,
          subscriptionId: id,
          command: { type: 'change_addon', addonId, ...body },
          isPreview: query.preview === 'true',
        }),
    }),
    defineRoute({
      method: 'delete',
      path: '/subscriptions/:id/addons/:addonId',
      operationId: 'removeSubscriptionAddon',
      summary: 'Remove an add-on, at the end of its period or at once',
      description:
        'At once, unused time and the unused units of a top-up are credited where the request says so, else where the company does (setting cancelCredit).',
      tag,
      access: signedIn,
      params: ofAddon,
      query: PreviewQuery.extend({
        atPeriodEnd: z.enum(['true', 'false']).default('true').describe('false: at once.'),
        ...subscriptionCommands.remove_addon.pick({ creditUnused: true, prorationBehavior: true }).shape,
      }),
      responses: changeAnswers,
      errors: ['not_found', 'subscription_state', 'charge_in_flight'],
      handler: ({ params: { id, addonId }, query: { atPeriodEnd, preview, ...said }, ...request }) =>
        answerChange(deps, {
          ...request,
          subscriptionId: id,
          command: { type: 'remove_addon', addonId, ...said, atPeriodEnd: atPeriodEnd === 'true' },
          isPreview: preview === 'true',
        }),
    }),
  ];
}

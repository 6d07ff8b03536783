import { z } from 'zod';

import { mostEvents, UsageEvent } from '../../domain/usage/events/usage-event-schema';
import { codeName, decimal, idParameter, instant } from '../http/pipeline/fields';
import { createdParameters } from '../http/pipeline/created-within';

const exampleEvent = {
  id: 'req_8f2a1c',
  event: 'api_calls',
  customerId: 1,
  timestamp: '2025-10-26T00:00:00+07:00',
  properties: { bytes: 1_024, region: 'vn' },
};

export const IngestRequest = z.strictObject({
  // Whatever is no event is refused alone, in its place, and not with the batch: each is read there, once.
  events: z
    .array(
      z
        .union([z.unknown(), UsageEvent])
        .describe('An event of usage. What is none is rejected alone.')
        .meta({ example: exampleEvent }),
    )
    .min(1)
    .max(mostEvents),
});

const count = z.int().min(0);

export const IngestAnswer = z
  .strictObject({
    accepted: count,
    duplicates: count,
    rejected: count,
    events: z
      .array(
        z.strictObject({
          index: count,
          id: z.string().nullable(),
          status: z.enum(['accepted', 'duplicate', 'rejected']),
          code: z.string().optional().describe('Of a rejected one: a code of the problem catalogue.'),
          field: z.string().optional().describe('JSON pointer below the body.'),
          detail: z.string().optional(),
        }),
      )
      .describe('One for each event, in the order sent.'),
  })
  .meta({ id: 'UsageIngest' });

export const usageParams = z.strictObject({ customerId: idParameter });

export const UsageQuery = z.strictObject({
  meter: codeName
    .optional()
    .describe('The code of one meter, also an archived one; all active ones, at most 100, where not given.'),
  from: createdParameters.from.describe(
    "Used then or later: a day of the company's time zone, or an instant. Else the beginning of the month in the account's zone.",
  ),
  to: createdParameters.to.describe('Used until the end of this day, or before this instant. Else now.'),
});

export const BalancesQuery = z.strictObject({
  meter: codeName.optional().describe('The code of one meter; all where not given.'),
  all: z.enum(['true', 'false']).default('false').describe('true: also what has expired or was removed.'),
});

export const BalancesSchema = z
  .strictObject({
    customerId: z.int(),
    at: instant.describe('The instant it was read at.'),
    balances: z
      .array(
        z.strictObject({
          meter: z.string(),
          meterId: z.int(),
          name: z.string(),
          left: decimal.describe('Of all top-ups together.'),
          topUps: z
            .array(
              z.strictObject({
                userAddonId: z.int().describe('Of the purchase.'),
                subscriptionId: z.int(),
                addonId: z.int().describe('Of what is sold.'),
                name: z.string(),
                quantity: z.int(),
                bought: decimal.describe('Units, of all pieces.'),
                used: decimal,
                left: decimal.describe('What can still be drawn on; 0 once it has expired or was removed.'),
                lost: decimal.describe('What was not used until then, and not returned.'),
                returned: decimal.describe('What was not used when it was removed with credit.'),
                validFrom: instant.nullable().describe('When it was paid.'),
                expiresAt: instant.nullable(),
                endedAt: instant.nullable().describe('When it was removed, or ended with its subscription.'),
              }),
            )
            .describe('In the order of their purchase; at most the 100 latest.'),
        }),
      )
      .describe('Of each meter that was topped up.'),
  })
  .meta({ id: 'UsageBalances' });

export const UsageSchema = z
  .strictObject({
    customerId: z.int(),
    from: instant,
    to: instant,
    currency: z.string(),
    usage: z.array(
      z.strictObject({
        meter: z.string(),
        meterId: z.int(),
        quantity: decimal.describe('By the meter’s aggregation, exactly; 0 where nothing was used.'),
        events: count,
        lateEvents: count.describe('Those that arrived when the time asked for was over.'),
        lastEventAt: instant.nullable(),
        price: z
          .strictObject({
            priceId: z.int(),
            model: z.string(),
            amount: z.int().describe('As the price has it, in minor units, rounded once.'),
            exactAmount: decimal,
            charges: z.array(
              z.strictObject({
                kind: z.enum(['flat', 'units', 'packages', 'tier', 'rate', 'events', 'minimum']),
                quantity: decimal,
                unitPrice: decimal.describe('Minor units; of a rate, its share.'),
                flatAmount: decimal,
                exactAmount: decimal,
              }),
            ),
          })
          .nullable()
          .describe('At the prices of now; null where the meter has none in the currency.'),
      }),
    ),
  })
  .meta({ id: 'Usage' });

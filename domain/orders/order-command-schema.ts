import { z } from 'zod';

import { paymentMethodNames } from '../companies/payment-method-types';
import { line, rowId, sealedToken } from '../field-schema';

/** What a customer says who pays an order another way. */
export const PayOrderRequest = z.strictObject({
  paymentMethod: z.enum(paymentMethodNames).nullable().default(null).describe('The one of the order when absent.'),
  paymentToken: line(255)
    .nullable()
    .default(null)
    .describe('What the provider gave for a card; the simulated card takes tok_ok, tok_declined and others.'),
});

/** Everything that may be asked of an order that stands, by the name of the update; bodies and signals parse by these. */
export const orderCommands = {
  pay: PayOrderRequest.extend({
    paymentToken: sealedToken.nullable().default(null),
    paymentId: rowId,
    customerIp: z.string().nullable().default(null),
    locale: z.enum(['vi', 'en']).default('vi'),
  }),
  cancelOrder: z.strictObject({ reason: line(200).default('cancelled on request') }),
  ship: z.strictObject({
    carrier: line(100).nullable().default(null),
    trackingNumber: line(100).nullable().default(null),
  }),
  deliver: z.strictObject({}),
} as const;

export type OrderCommandName = keyof typeof orderCommands;
export type OrderCommand<Name extends OrderCommandName> = z.output<(typeof orderCommands)[Name]>;

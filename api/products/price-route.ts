import { z } from 'zod';

import { quotePrice } from '../../domain/catalogue/pricing-rules/quote-price';
import { AppError } from '../../domain/errors';
import { taxBehaviors } from '../../domain/money/tax-behavior-types';
import { isEmployee, namedCustomer } from '../../domain/identity/principal';
import type { ApiDependencies } from '../dependencies';
import { currency, idParameter, idParams } from '../http/pipeline/fields';
import { defineRoute, type Route } from '../http/pipeline/route';

const PriceQuery = z.strictObject({
  quantity: z.coerce.number().int().min(1).max(100_000).default(1),
  currency: currency
    .optional()
    .describe('That of the customer’s billing account where not given, else the product’s own.'),
  customerId: idParameter
    .optional()
    .describe('For whom, of employees; a customer asks for themselves. Without one, rules for segments do not hold.'),
});

const PriceSchema = z
  .strictObject({
    productId: z.int(),
    quantity: z.int(),
    currency: z.string(),
    listPrice: z.int().describe('Of one, by the catalogue; minor units of `currency`, as all amounts here.'),
    price: z.int().describe('Of one, as an order of so many has it.'),
    pricingRule: z
      .strictObject({ id: z.int(), name: z.string() })
      .nullable()
      .describe('The rule that made the price; null where none did.'),
    taxBehavior: z
      .enum(taxBehaviors)
      .describe('inclusive: prices and subtotal hold the tax. exclusive: it is added to them.'),
    subtotal: z.int().describe('Of all of them, before codes, as the price has it.'),
  })
  .meta({ id: 'PriceQuote' });

/** What a product costs now, by quantity and customer (S129). */
export function createPriceRoute({ database }: ApiDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/products/:id/price',
    operationId: 'quotePrice',
    summary: 'Ask what a product costs, by quantity and customer',
    description: 'The price that an order of it would have at this moment, by the pricing rules that hold now.',
    tag: 'Products',
    access: 'public',
    params: idParams,
    query: PriceQuery,
    responses: { 200: PriceSchema },
    errors: [
      'not_found',
      'product_archived',
      'customer_not_found',
      'unauthenticated',
      'forbidden',
      'amount_out_of_range',
      'currency_mismatch',
      'price_not_in_currency',
    ],
    async handler({
      params: { id },
      query: { quantity, currency: asked, customerId: named },
      principal,
      companyId,
      now,
    }) {
      if (principal === null && named !== undefined) {
        throw new AppError('unauthenticated', { field: 'customerId', detail: 'Sign in to ask for a customer.' });
      }
      const customerId = namedCustomer(principal, named, 'customerId') ?? null;
      const quote = await database.withTenantSql(companyId, (tx) =>
        quotePrice(tx, {
          productId: id,
          quantity,
          customerId,
          currency: asked,
          isEmployee: isEmployee(principal),
          now,
        }),
      );

      return { status: 200, body: quote };
    },
  });
}

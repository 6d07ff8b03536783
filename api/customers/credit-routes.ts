import { z } from 'zod';

import { grantCredit } from '../../domain/billing/account/grant-credit';
import { listCreditGrants, readCreditGrant, viewCreditGrant } from '../../domain/billing/account/list-credit-grants';
import { payOutCredit } from '../../domain/billing/account/pay-out-credit';
import { readBalanceEntry, viewBalanceEntry } from '../../domain/billing/account/read-balance';
import type { ApiDependencies } from '../dependencies';
import { idParams } from '../http/pipeline/fields';
import { decodeCursor, pageOf, pageParameters, toPage } from '../http/pipeline/page';
import { defineRoute, managers, type Route, signedIn } from '../http/pipeline/route';
import { BalanceEntrySchema, CreditGrantSchema, GrantCreditRequest, PayOutCreditRequest } from './credit-schemas';
import { requireCustomer } from './require-customer';

const tag = 'Customers';

/** Account credit that people give and pay out. A customer sees only their own. */
export function createCustomerCreditRoutes({ database }: ApiDependencies): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/customers/:id/credits',
      operationId: 'grantCredit',
      summary: 'Give a customer account credit',
      description:
        'It pays the next invoices, tax included, before anything is asked for; what expires first is used first, and what is left of it at expiresAt is taken back.',
      tag,
      access: managers,
      params: idParams,
      body: GrantCreditRequest,
      responses: { 201: CreditGrantSchema },
      errors: ['not_found', 'currency_mismatch', 'amount_out_of_range', 'invalid_date_sequence'],
      reserves: 'creditGrant',
      async handler({ params: { id }, body, companyId, reservedId, now }) {
        await database.withTenantSql(companyId, (tx) =>
          grantCredit(tx, {
            ...body,
            creditGrantId: reservedId,
            customerId: id,
            expiresAt: body.expiresAt === null ? null : new Date(body.expiresAt),
            now,
          }),
        );
        const row = await database.withTenant(companyId, (tx) => readCreditGrant(tx, reservedId));

        return { status: 201, body: viewCreditGrant(row) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/customers/:id/credits',
      operationId: 'listCreditGrants',
      summary: 'List the credit that a customer was given, newest first',
      tag,
      access: signedIn,
      params: idParams,
      query: z.strictObject(pageParameters),
      responses: { 200: pageOf(CreditGrantSchema) },
      errors: ['not_found'],
      async handler({ params: { id }, query: { limit, cursor }, companyId, principal }) {
        const before = decodeCursor(z.int(), cursor);
        await requireCustomer(database, { companyId, customerId: id, principal });
        const rows = await database.withTenant(companyId, (tx) =>
          listCreditGrants(tx, { customerId: id, before, limit: limit + 1 }),
        );

        return {
          status: 200,
          body: toPage(rows, { limit, positionOf: (row) => Number(row.id), view: viewCreditGrant }),
        };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/customers/:id/credit-payouts',
      operationId: 'payOutCredit',
      summary: 'Record that account credit was paid out',
      description:
        'By a transfer that a person has made. Money that was received is paid out first, then given credit that expires last.',
      tag,
      access: managers,
      params: idParams,
      body: PayOutCreditRequest,
      responses: { 201: BalanceEntrySchema },
      errors: ['not_found', 'currency_mismatch', 'payout_exceeds_balance'],
      reserves: 'balanceEntry',
      async handler({ params: { id }, body, companyId, reservedId, now }) {
        await database.withTenantSql(companyId, (tx) =>
          payOutCredit(tx, { ...body, entryId: reservedId, customerId: id, now }),
        );
        const { billingAccount, ...entry } = await database.withTenant(companyId, (tx) =>
          readBalanceEntry(tx, reservedId),
        );

        return { status: 201, body: viewBalanceEntry(entry, billingAccount.timeZone) };
      },
    }),
  ];
}

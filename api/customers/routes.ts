import { z } from 'zod';

import { createCustomer } from '../../domain/customers/create-customer';
import { viewCustomer } from '../../domain/customers/customer-view';
import { listCustomers } from '../../domain/customers/list-customers';
import { readCustomer } from '../../domain/customers/read-customer';
import { updateCustomer } from '../../domain/customers/update-customer';
import { AppError } from '../../domain/errors';
import { viewAccount } from '../../domain/identity/account';
import { openCustomerAccount } from '../../domain/identity/open-customer-account';
import { passwords } from '../../domain/identity/passwords/passwords';
import { assertMaySee, isCustomer, type Principal } from '../../domain/identity/principal';
import { AccountSchema, newPasswordErrors } from '../auth/schemas';
import type { ApiDependencies } from '../dependencies';
import { idParams } from '../http/pipeline/fields';
import { decodeCursor, pageOf, toPage } from '../http/pipeline/page';
import { administrators, defineRoute, employees, type Route, signedIn } from '../http/pipeline/route';
import {
  CreateCustomerRequest,
  CustomerSchema,
  ListCustomersQuery,
  OpenAccountRequest,
  UpdateCustomerRequest,
} from './schemas';

const tag = 'Customers';

/** Customers of the company; a customer sees and changes only their own record. */
export function createCustomersRoutes(deps: ApiDependencies): Route[] {
  const { database } = deps;

  return [
    defineRoute({
      method: 'post',
      path: '/customers',
      operationId: 'createCustomer',
      summary: 'Enter a customer',
      description: 'With a billing account; there is no user yet who can sign in.',
      tag,
      access: employees,
      body: CreateCustomerRequest,
      responses: { 201: CustomerSchema },
      errors: ['already_exists'],
      reserves: 'customer',
      async handler({ body, companyId, reservedId, now }) {
        const row = await database.withTenant(companyId, (tx) => createCustomer(tx, { ...body, id: reservedId, now }));

        return { status: 201, body: viewCustomer(row) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/customers',
      operationId: 'listCustomers',
      summary: 'List customers, newest first',
      tag,
      access: employees,
      query: ListCustomersQuery,
      responses: { 200: pageOf(CustomerSchema) },
      async handler({ query: { limit, cursor, ...filters }, companyId }) {
        const before = decodeCursor(z.int(), cursor);
        const rows = await database.withTenant(companyId, (tx) =>
          listCustomers(tx, { ...filters, before, limit: limit + 1 }),
        );

        return { status: 200, body: toPage(rows, { limit, positionOf: (row) => Number(row.id), view: viewCustomer }) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/customers/:id',
      operationId: 'readCustomer',
      summary: 'Read a customer',
      tag,
      access: signedIn,
      params: idParams,
      responses: { 200: CustomerSchema },
      errors: ['not_found'],
      async handler({ params: { id }, principal, companyId }) {
        assertMaySee(principal, id);
        const row = await database.withTenant(companyId, (tx) => readCustomer(tx, id));

        return { status: 200, body: viewCustomer(row) };
      },
    }),
    defineRoute({
      method: 'patch',
      path: '/customers/:id',
      operationId: 'updateCustomer',
      summary: 'Change a customer',
      description:
        'Customers change their own names, telephone number, tax code, billing address and country; the rest is for employees. Invoices that are issued keep what they say.',
      tag,
      access: signedIn,
      params: idParams,
      body: UpdateCustomerRequest,
      responses: { 200: CustomerSchema },
      errors: ['not_found', 'already_exists'],
      async handler({ params: { id }, body, principal, companyId, now }) {
        assertMaySee(principal, id);
        assertMayChange(principal, body);
        const row = await database.withTenant(companyId, (tx) => updateCustomer(tx, { id, changes: body, now }));

        return { status: 200, body: viewCustomer(row) };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/customers/:id/account',
      operationId: 'openCustomerAccount',
      summary: 'Let a customer sign in whom the company entered itself',
      description:
        'Sign-up refuses the address of such a customer, because nothing proves whose it is. You answer for who gets the password.',
      tag,
      access: administrators,
      params: idParams,
      body: OpenAccountRequest,
      responses: { 201: AccountSchema },
      errors: ['not_found', 'conflict', 'email_taken', ...newPasswordErrors],
      reserves: 'user',
      async handler({ params, body, companyId, reservedId, now }) {
        const customer = await database.withTenant(companyId, (tx) => readCustomer(tx, params.id));
        const passwordHash = await passwords.hashPassword(body.password, customer);
        const account = await database.withTenant(companyId, (tx) =>
          openCustomerAccount(tx, { id: reservedId, customerId: params.id, passwordHash, now }),
        );

        return { status: 201, body: viewAccount(account) };
      },
    }),
  ];
}

/** A customer's address is what they sign in with, so a stolen access token must not be able to move it. */
function assertMayChange(principal: Principal | null, body: z.output<typeof UpdateCustomerRequest>): void {
  const field = (['email', 'segment', 'daysUntilDue', 'taxStatus', 'taxExemptReason'] as const).find(
    (name) => body[name] !== undefined,
  );

  if (isCustomer(principal) && field !== undefined) {
    throw new AppError('forbidden', { field: `/${field}`, detail: `Ask the company to change your ${field}.` });
  }
}

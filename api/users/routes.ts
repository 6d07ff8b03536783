import { z } from 'zod';

import { readSettings } from '../../domain/companies/setting-catalogue';
import { AppError } from '../../domain/errors';
import type { UserRow } from '../../domain/identity/account';
import { createUser } from '../../domain/identity/create-user';
import { listUsers } from '../../domain/identity/list-users';
import { passwords } from '../../domain/identity/passwords/passwords';
import { staffRoles } from '../../domain/identity/principal';
import { readUser } from '../../domain/identity/read-user';
import { updateUser } from '../../domain/identity/update-user';
import { viewUser } from '../../domain/identity/user-view';
import type { TenantTransaction } from '../../platform/db/database';
import type { ApiDependencies } from '../dependencies';
import { newPasswordErrors } from '../auth/schemas';
import { idParams } from '../http/pipeline/fields';
import { decodeCursor, pageOf, toPage } from '../http/pipeline/page';
import { administrators, defineRoute, type Route } from '../http/pipeline/route';
import { CreateUserRequest, ListUsersQuery, UpdateUserRequest, UserSchema } from './schemas';

const tag = 'Users';

/** The people who sign in to a company, for its administrators. */
export function createUsersRoutes(deps: ApiDependencies): Route[] {
  const { database } = deps;
  const viewIn = async (tx: TenantTransaction, row: UserRow) => viewUser(row, (await readSettings(tx)).timeZone);

  const hashFor = async (companyId: number, id: number, password: string) =>
    passwords.hashPassword(password, await database.withTenant(companyId, (tx) => readUser(tx, id)));

  return [
    defineRoute({
      method: 'post',
      path: '/users',
      operationId: 'createUser',
      summary: 'Create a user who works for the company',
      tag,
      access: administrators,
      body: CreateUserRequest,
      responses: { 201: UserSchema },
      errors: ['email_taken', ...newPasswordErrors],
      reserves: 'user',
      async handler({ body, companyId, reservedId, now }) {
        const passwordHash = await passwords.hashPassword(body.password, body);
        const { email, name = null, role } = body;
        const created = await database.withTenant(companyId, async (tx) =>
          viewIn(tx, await createUser(tx, { id: reservedId, email, passwordHash, name, role, now })),
        );

        return { status: 201, body: created };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/users',
      operationId: 'listUsers',
      summary: 'List users, newest first',
      tag,
      access: administrators,
      query: ListUsersQuery,
      responses: { 200: pageOf(UserSchema) },
      async handler({ query: { limit, cursor, role, q, status }, companyId }) {
        const before = decodeCursor(z.int(), cursor);
        const roles = role === undefined ? staffRoles : [role];

        return database.withTenant(companyId, async (tx) => {
          const { timeZone } = await readSettings(tx);
          const rows = await listUsers(tx, { q, status, roles, before, limit: limit + 1 });
          const view = (row: UserRow) => viewUser(row, timeZone);

          return { status: 200, body: toPage(rows, { limit, positionOf: (row) => Number(row.id), view }) };
        });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/users/:id',
      operationId: 'readUser',
      summary: 'Read a user',
      tag,
      access: administrators,
      params: idParams,
      responses: { 200: UserSchema },
      errors: ['not_found'],
      async handler({ params: { id }, companyId }) {
        return {
          status: 200,
          body: await database.withTenant(companyId, async (tx) => viewIn(tx, await readUser(tx, id))),
        };
      },
    }),
    defineRoute({
      method: 'patch',
      path: '/users/:id',
      operationId: 'updateUser',
      summary: 'Change, disable or enable a user',
      description:
        'Disabling and setting a password end the sessions of that user. An access token that is out is refused once its user is ' +
        'disabled or has another role; after another password it works for its last minutes. You can neither disable yourself ' +
        'nor change your own role.',
      tag,
      access: administrators,
      params: idParams,
      body: UpdateUserRequest,
      responses: { 200: UserSchema },
      errors: ['not_found', 'conflict', ...newPasswordErrors],
      async handler({ params: { id }, body, principal, companyId, now }) {
        if (principal === null) {
          throw new AppError('unauthenticated');
        }

        const { password, ...rest } = body;
        const changes =
          password === undefined ? rest : { ...rest, passwordHash: await hashFor(companyId, id, password) };
        const updated = await database.withTenant(companyId, async (tx) =>
          viewIn(tx, await updateUser(tx, { id, actingUserId: principal.userId, changes, now })),
        );

        return { status: 200, body: updated };
      },
    }),
  ];
}

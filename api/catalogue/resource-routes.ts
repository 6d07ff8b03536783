import { z } from 'zod';

import { type CatalogueStatus, shownStatuses, type StatusFilter } from '../../domain/catalogue/visibility-rules';
import type { ErrorCode } from '../../domain/errors';
import { isEmployee, type Principal } from '../../domain/identity/principal';
import type { TenantSql, TenantTransaction } from '../../platform/db/database';
import type { ApiDependencies } from '../dependencies';
import { idParams } from '../http/pipeline/fields';
import { decodeCursor, pageOf, toPage } from '../http/pipeline/page';
import {
  type Access,
  defineRoute,
  managers,
  type Parameters,
  type ReservableTarget,
  type Route,
} from '../http/pipeline/route';
import { withCompanyZone, withOrmAndCompanyZone } from '../http/pipeline/with-company-zone';

/** What a list is asked besides its own filters. */
interface ListParameters {
  limit: number;
  cursor?: string | undefined;
  status?: StatusFilter | undefined;
}

/** How a list goes on: by what its cursors hold, and where they point after a row. */
interface Paging<Row, Query> {
  cursorOf(query: Query): z.ZodType;
  positionAfter(row: Row, query: Query): unknown;
}

const byId: Paging<{ id: number }, unknown> = { cursorOf: () => z.int(), positionAfter: ({ id }) => id };

export interface Resource<
  Row extends { id: number },
  Query extends Parameters,
  Create extends z.ZodType,
  Update extends z.ZodType,
> {
  /** Below /api/v1. */
  path: string;
  tag: string;
  /** In the ids of operations: `Product` makes `createProduct` and `listProducts`. */
  name: string;
  /** In sentences: `a product`, `products`. */
  called: readonly [one: string, many: string];
  reserves: ReservableTarget;
  /** Everybody, where nothing else is said. */
  readers?: Access;
  schemas: { query: Query; create: Create; update: Update; answer: z.ZodType };
  texts: {
    list?: string;
    read: string;
    update: readonly [summary: string, description?: string];
    archive: readonly [string, string];
  };
  createErrors?: readonly ErrorCode[];
  updateErrors?: readonly ErrorCode[];
  /** By id, oldest first, where nothing else is said. */
  paging?: Paging<Row, z.output<Query>>;
  create(
    tx: TenantTransaction,
    input: { body: z.output<Create>; id: number; userId: number | null; now: Date },
  ): Promise<Row>;
  list(
    tx: TenantSql,
    input: { query: z.output<Query>; statuses: CatalogueStatus[]; after: unknown; limit: number },
  ): Promise<Row[]>;
  /** @throws AppError not_found, also of what only employees see */
  read(tx: TenantSql, id: number, isEmployee: boolean): Promise<Row>;
  update(
    tx: TenantTransaction,
    input: { id: number; changes: z.output<Update>; userId: number | null; now: Date },
  ): Promise<Row>;
  /** The changes that take it off sale. */
  archived: z.output<Update>;
  view(row: Row, timeZone: string): unknown;
}

/** The five routes of what a company sells: for its readers to read and for managers to write. Nothing is ever deleted. */
export function resourceRoutes<
  Row extends { id: number },
  Query extends Parameters,
  Create extends z.ZodType,
  Update extends z.ZodType,
>({ database }: ApiDependencies, resource: Resource<Row, Query, Create, Update>): Route[] {
  const { path, tag, name, schemas, texts, reserves, readers = 'public' } = resource;
  const [one, many] = resource.called;
  const paging = resource.paging ?? byId;
  const named = `/${path}/:id`;

  return [
    defineRoute({
      method: 'post',
      path: `/${path}`,
      operationId: `create${name}`,
      summary: `Add ${one}`,
      tag,
      access: managers,
      body: schemas.create,
      responses: { 201: schemas.answer },
      errors: ['already_exists', ...(resource.createErrors ?? [])],
      reserves,
      async handler({ body, companyId, reservedId, principal, now }) {
        const view = await withOrmAndCompanyZone(database, companyId, async (tx, timeZone) =>
          resource.view(await resource.create(tx, { body, id: reservedId, userId: userOf(principal), now }), timeZone),
        );

        return { status: 201, body: view, headers: { location: `/api/v1/${path}/${reservedId}` } };
      },
    }),
    defineRoute({
      method: 'get',
      path: `/${path}`,
      operationId: `list${name}s`,
      summary: `List and search ${many}`,
      description: texts.list ?? 'Active ones, unless an employee asks for another status.',
      tag,
      access: readers,
      query: schemas.query,
      responses: { 200: pageOf(schemas.answer) },
      async handler({ query, principal, companyId }) {
        const { limit, cursor, status } = query as ListParameters;
        const statuses = shownStatuses(status, isEmployee(principal));
        const after = decodeCursor(paging.cursorOf(query), cursor);
        const page = await withCompanyZone(database, companyId, async (tx, timeZone) =>
          toPage(await resource.list(tx, { query, statuses, after, limit: limit + 1 }), {
            limit,
            positionOf: (row) => paging.positionAfter(row, query),
            view: (row) => resource.view(row, timeZone),
          }),
        );

        return { status: 200, body: page };
      },
    }),
    defineRoute({
      method: 'get',
      path: named,
      operationId: `read${name}`,
      summary: `Read ${one}`,
      description: texts.read,
      tag,
      access: readers,
      params: idParams,
      responses: { 200: schemas.answer },
      errors: ['not_found'],
      async handler({ params: { id }, principal, companyId }) {
        const view = await withCompanyZone(database, companyId, async (tx, timeZone) =>
          resource.view(await resource.read(tx, id, isEmployee(principal)), timeZone),
        );

        return { status: 200, body: view };
      },
    }),
    defineRoute({
      method: 'patch',
      path: named,
      operationId: `update${name}`,
      summary: texts.update[0],
      ...(texts.update[1] === undefined ? {} : { description: texts.update[1] }),
      tag,
      access: managers,
      params: idParams,
      body: schemas.update,
      responses: { 200: schemas.answer },
      errors: ['not_found', ...(resource.updateErrors ?? [])],
      async handler({ params: { id }, body, companyId, principal, now }) {
        const view = await withOrmAndCompanyZone(database, companyId, async (tx, timeZone) =>
          resource.view(await resource.update(tx, { id, changes: body, userId: userOf(principal), now }), timeZone),
        );

        return { status: 200, body: view };
      },
    }),
    defineRoute({
      method: 'delete',
      path: named,
      operationId: `archive${name}`,
      summary: texts.archive[0],
      description: texts.archive[1],
      tag,
      access: managers,
      params: idParams,
      responses: { 204: null },
      errors: ['not_found'],
      async handler({ params: { id }, companyId, principal, now }) {
        await database.withTenant(companyId, (tx) =>
          resource.update(tx, { id, changes: resource.archived, userId: userOf(principal), now }),
        );

        return { status: 204 };
      },
    }),
  ];
}

/** Who changes something; null for the system. */
const userOf = (principal: Principal | null): number | null => principal?.userId ?? null;

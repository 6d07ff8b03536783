import { z } from 'zod';

import { advanceTestClock } from '../../clients/test-clock-client';
import { AppError } from '../../domain/errors';
import { aimTestClock } from '../../domain/test-clocks/aim-test-clock';
import {
  createTestClock,
  listTestClocks,
  readTestClock,
  viewTestClock,
} from '../../domain/test-clocks/create-test-clock';
import type { ApiDependencies } from '../dependencies';
import { idParams, instant, line, plannedInstant } from '../http/pipeline/fields';
import { decodeCursor, pageOf, pageParameters, toPage } from '../http/pipeline/page';
import { defineRoute, employees, managers, type Route } from '../http/pipeline/route';
import { withOrmAndCompanyZone } from '../http/pipeline/with-company-zone';

const tag = 'Test clocks';

/** How long an answer waits for an advance, milliseconds; then 202 and a status address (D26). */
const patienceMs = 20_000;

const CreateTestClockRequest = z.strictObject({
  name: line(100).nullable().default(null),
  now: plannedInstant.optional().describe('Where it begins; the present when absent.'),
});
const AdvanceRequest = z.strictObject({ to: plannedInstant.describe('Later than its `now`.') });
const TestClockSchema = z
  .strictObject({
    id: z.int().min(1),
    name: z.string().nullable(),
    now: instant,
    target: instant.nullable().describe('Where an advance under way leads.'),
    status: z.enum(['ready', 'advancing']),
    steps: z.int().describe('Deadlines that the advance under way, or the last one, has reached.'),
    report: z.looseObject({}).describe('What the last advance did.'),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'TestClock' });

/** Time that people turn, for customers attached to it when they are created (D26). */
export function createTestClocksRoutes(deps: ApiDependencies): Route[] {
  const { database } = deps;
  const find = async (companyId: number, testClockId: number) => {
    const clock = await withOrmAndCompanyZone(database, companyId, async (tx, timeZone) => {
      const row = await readTestClock(tx, testClockId);

      return row && viewTestClock(row, timeZone);
    });

    if (clock === null) {
      throw new AppError('not_found', { detail: `There is no test clock ${testClockId}.` });
    }

    return clock;
  };

  return [
    defineRoute({
      method: 'post',
      path: '/test-clocks',
      operationId: 'createTestClock',
      summary: 'Create a test clock',
      description: 'Create customers with its id: their subscriptions live by it, and no real provider is ever asked.',
      tag,
      access: managers,
      body: CreateTestClockRequest,
      responses: { 201: TestClockSchema },
      reserves: 'testClock',
      async handler({ body, companyId, reservedId, now }) {
        const clock = await withOrmAndCompanyZone(database, companyId, async (tx, timeZone) => {
          const row = await createTestClock(tx, {
            id: reservedId,
            name: body.name,
            at: body.now === undefined ? now : new Date(body.now),
            isProduction: deps.config.isProduction,
            now,
          });

          return viewTestClock(row, timeZone);
        });

        return { status: 201, body: clock };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/test-clocks',
      operationId: 'listTestClocks',
      summary: 'List test clocks, newest first',
      tag,
      access: employees,
      query: z.strictObject(pageParameters),
      responses: { 200: pageOf(TestClockSchema) },
      async handler({ query: { limit, cursor }, companyId }) {
        const before = decodeCursor(z.int(), cursor);
        const page = await withOrmAndCompanyZone(database, companyId, async (tx, timeZone) => {
          const rows = await listTestClocks(tx, { before, limit: limit + 1 });

          return toPage(rows, {
            limit,
            positionOf: (row) => Number(row.id),
            view: (row) => viewTestClock(row, timeZone),
          });
        });

        return { status: 200, body: page };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/test-clocks/:id',
      operationId: 'readTestClock',
      summary: 'Read a test clock, and how far an advance is',
      tag,
      access: employees,
      params: idParams,
      responses: { 200: TestClockSchema },
      errors: ['not_found'],
      handler: async ({ params: { id }, companyId }) => ({
        status: 200,
        body: await find(companyId, id),
      }),
    }),
    defineRoute({
      method: 'post',
      path: '/test-clocks/:id/advance',
      operationId: 'advanceTestClock',
      summary: 'Turn a test clock forward',
      description:
        'Everything that is due on the way happens in its order. An advance of more than 20 s is answered with 202; read the clock for how far it is.',
      tag,
      access: managers,
      params: idParams,
      body: AdvanceRequest,
      responses: { 200: TestClockSchema, 202: TestClockSchema },
      errors: ['not_found', 'test_clock_busy', 'test_clock_backwards'],
      async handler({ params: { id }, body, companyId, effectKey, now }) {
        await database.withTenantSql(companyId, (tx) =>
          aimTestClock(tx, { testClockId: id, target: new Date(body.to), requestKey: effectKey, now }),
        );
        const isDone = await advanceTestClock(deps, { companyId, id, patienceMs });
        const clock = await find(companyId, id);

        return isDone
          ? { status: 200, body: clock }
          : { status: 202, body: clock, headers: { Location: `/api/v1/test-clocks/${id}`, 'Retry-After': '5' } };
      },
    }),
  ];
}

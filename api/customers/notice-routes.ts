import { z } from 'zod';

import { readCustomer } from '../../domain/customers/read-customer';
import { listNotices, viewNotice } from '../../domain/notifications/list-notices';
import { noticeKinds, noticePriorities, noticeStatuses } from '../../domain/notifications/notice-types';
import { rowId } from '../../domain/field-schema';
import type { ApiDependencies } from '../dependencies';
import { idParams, instant } from '../http/pipeline/fields';
import { decodeCursor, pageOf, pageParameters, toPage } from '../http/pipeline/page';
import { defineRoute, managers, type Route } from '../http/pipeline/route';

const NoticeSchema = z
  .strictObject({
    id: rowId,
    customerId: rowId,
    subject: z.string().describe('What it is about.').meta({ example: 'subscription/17' }),
    kind: z.enum(noticeKinds),
    priority: z.enum(noticePriorities).describe('How soon it is sent: critical at once, normal once a minute.'),
    channel: z.literal('email'),
    locale: z.string().describe('Decides the language: Vietnamese or English.'),
    data: z.unknown().describe('What its words were made from: amounts in minor units, instants.'),
    isTest: z.boolean().describe('Of a customer on a test clock: it goes to a mail catcher only.'),
    status: z
      .enum(noticeStatuses)
      .describe(
        'pending: to be sent, or tried again. failed: given up. skipped: there is no mail server to send it by.',
      ),
    attempts: z.int().min(0),
    nextAttemptAt: instant.nullable().describe('Null while it is pending: at once.'),
    lastError: z.string().nullable().describe('Why it was not sent, in the words of the mail server.'),
    sentAt: instant.nullable(),
    createdAt: instant.describe("The customer's time: that of a test clock where there is one."),
  })
  .meta({ id: 'Notice' });

/** What customers were told, for whoever answers their questions. */
export function createCustomerNoticeRoutes({ database }: ApiDependencies): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/customers/:id/notices',
      operationId: 'listCustomerNotices',
      summary: 'List what a customer was told by e-mail, newest first',
      tag: 'Customers',
      access: managers,
      params: idParams,
      query: z.strictObject({ ...pageParameters, status: z.enum(noticeStatuses).optional() }),
      responses: { 200: pageOf(NoticeSchema) },
      errors: ['not_found'],
      async handler({ params: { id }, query: { limit, cursor, status }, companyId }) {
        const before = decodeCursor(z.int(), cursor);
        const page = await database.withTenant(companyId, async (tx) => {
          const timeZone = (await readCustomer(tx, id)).billingAccount?.timeZone;
          const rows = await listNotices(tx, { customerId: id, status, before, limit: limit + 1 });

          return toPage(rows, { limit, positionOf: (row) => Number(row.id), view: (row) => viewNotice(row, timeZone) });
        });

        return { status: 200, body: page };
      },
    }),
  ];
}

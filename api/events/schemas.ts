import { z } from 'zod';

import { eventTypes, synonymOf } from '../../domain/events/event-types';
import { instant } from '../http/pipeline/fields';
import { pageParameters } from '../http/pipeline/page';

export const ListEventsQuery = z.strictObject({
  ...pageParameters,
  subject: z
    .string()
    .regex(/^[a-z][a-z_-]{0,49}\/[A-Za-z0-9_-]{1,50}$/, 'is not a subject such as order/1042')
    .optional()
    .describe('What the events are about; the Temporal workflow of the same id drives it, where there is one.')
    .meta({ example: 'order/1042' }),
  type: z
    .enum([...eventTypes, ...eventTypes.map(synonymOf)])
    .optional()
    .describe('Dotted, or the upper-case synonym: order.created, ORDER_CREATED.'),
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('Id of the last event seen. A cursor goes before it.'),
});

export const EventSchema = z
  .strictObject({
    id: z.int(),
    subject: z.string(),
    subjectSeq: z.int().describe('1, 2, 3 … within the subject.'),
    type: z.string(),
    synonym: z.string().describe('The upper-case name of the same type.'),
    payload: z.unknown(),
    occurredAt: instant,
    position: z.int().nullable().describe('Global order of publication; null until it was published.'),
  })
  .meta({ id: 'Event' });

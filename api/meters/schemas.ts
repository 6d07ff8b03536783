import { z } from 'zod';

import { aggregations, meterStatuses } from '../../domain/usage/meters/meter-types';
import { propertyName } from '../../domain/usage/events/usage-event-schema';
import { codeName, instant, line, paragraph, searchParameter } from '../http/pipeline/fields';
import { pageParameters } from '../http/pipeline/page';

const filters = z
  .record(propertyName, z.array(line(200)).min(1).max(100))
  .refine((given) => Object.keys(given).length <= 10, 'takes at most 10 properties')
  .describe('Counts only events whose properties have one of the texts given for each.')
  .meta({ example: { region: ['vn', 'sg'] } });

export const CreateMeterRequest = z
  .strictObject({
    code: codeName.describe('What programs and prices name; unique in the company, never changes.').meta({
      example: 'api_calls',
    }),
    name: line(200),
    description: paragraph(2_000).nullable().optional(),
    eventName: codeName.optional().describe('The events it counts; its code where not given. Never changes.'),
    aggregation: z
      .enum(aggregations)
      .describe('last: what the latest event says; of one instant, the one with the greatest id. Never changes.'),
    property: propertyName
      .optional()
      .describe('What it reads of each event, `value` where not given; `count` reads none. Never changes.'),
    filters: filters.optional(),
  })
  .refine(({ aggregation, property }) => aggregation !== 'count' || property === undefined, {
    path: ['property'],
    error: 'is not read by a meter that counts events',
  });

export const UpdateMeterRequest = z.strictObject({
  name: line(200).optional(),
  description: paragraph(2_000).nullable().optional(),
  status: z.enum(meterStatuses).optional(),
});

export const ListMetersQuery = z.strictObject({
  ...pageParameters,
  q: searchParameter.optional(),
  eventName: codeName.optional(),
  status: z
    .enum([...meterStatuses, 'all'])
    .optional()
    .describe('Other than active: employees only.'),
});

export const MeterSchema = z
  .strictObject({
    id: z.int(),
    code: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    eventName: z.string(),
    aggregation: z.enum(aggregations),
    property: z.string().nullable().describe('Null for count.'),
    filters: z.record(z.string(), z.array(z.string())),
    status: z.enum(meterStatuses),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Meter' });

import { z } from 'zod';

import { featureKinds, featureStatuses } from '../../domain/catalogue/features/feature-row';
import { codeName, instant, line, paragraph, searchParameter } from '../http/pipeline/fields';
import { pageParameters } from '../http/pipeline/page';

export const CreateFeatureRequest = z.strictObject({
  code: codeName.describe('What programs ask for; unique in the company, never changes.'),
  name: line(200),
  description: paragraph(2_000).nullable().optional(),
  kind: z
    .enum(featureKinds)
    .optional()
    .describe(
      'boolean, where not given: there or not. limit: so many. metered: so many for each period of the plan, drawn down by the usage of a meter. Never changes.',
    ),
  unit: line(50).nullable().optional().describe('What its number counts.').meta({ example: 'GB' }),
  meter: codeName.nullable().optional().describe('Code of the meter; of a metered feature alone. Never changes.'),
});

export const UpdateFeatureRequest = z.strictObject({
  name: line(200).optional(),
  description: paragraph(2_000).nullable().optional(),
  unit: line(50).nullable().optional(),
  status: z.enum(featureStatuses).optional(),
});

export const ListFeaturesQuery = z.strictObject({
  ...pageParameters,
  q: searchParameter.optional(),
  status: z
    .enum([...featureStatuses, 'all'])
    .optional()
    .describe('Other than active: employees only.'),
});

export const FeatureSchema = z
  .strictObject({
    id: z.int(),
    code: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    kind: z.enum(featureKinds),
    unit: z.string().nullable(),
    meter: z.string().nullable(),
    status: z.enum(featureStatuses),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Feature' });

import { z } from 'zod';

import { promotionCode } from '../http/pipeline/fields';

/** Members by which a request names codes: one, or several. */
export const codeMembers = {
  promotionCode: promotionCode.nullable().optional(),
  promotionCodes: z
    .array(promotionCode)
    .min(1)
    .max(5)
    .optional()
    .describe('Several codes that may be used together, instead of `promotionCode`.'),
};

/** Refuses a body that names one code and several. */
export function namesCodesOnce<Schema extends z.ZodType<{ promotionCode?: unknown; promotionCodes?: unknown }>>(
  schema: Schema,
): Schema {
  return schema.refine(({ promotionCode: one, promotionCodes: many }) => one == null || many === undefined, {
    path: ['promotionCodes'],
    error: 'stands instead of promotionCode, not beside it',
  });
}

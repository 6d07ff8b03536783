import { z } from 'zod';

import { emailAddress, newPassword } from '../auth/schemas';
import { instant, line } from '../http/pipeline/fields';

const slug = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'takes small letters, digits and -, at most 63')
  .describe('Names the company in hosts and in X-Company.')
  .meta({ example: 'hanoi-tea' });

export const CreateCompanyRequest = z.strictObject({
  slug,
  name: line(200),
  isSandbox: z.boolean().optional().describe('A company for trying things out; it may use test clocks in production.'),
  admin: z
    .strictObject({ email: emailAddress, password: newPassword, name: line(200).optional() })
    .optional()
    .describe('Its first company_admin.'),
});

export const UpdateCompanyRequest = z.strictObject({
  name: line(200).optional(),
  status: z.enum(['active', 'suspended']).optional(),
});

export const CompanySchema = z
  .strictObject({
    id: z.int(),
    slug: z.string(),
    name: z.string(),
    status: z.enum(['active', 'suspended']),
    businessModel: z.enum(['retail', 'subscription', 'freemium', 'multi']),
    isSandbox: z.boolean(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Company' });

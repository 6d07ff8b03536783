import { z } from 'zod';

import { staffRoles } from '../../domain/identity/principal';
import { emailAddress, newPassword } from '../auth/schemas';
import { instant, line } from '../http/pipeline/fields';
import { pageParameters } from '../http/pipeline/page';

const listedRoles = [...staffRoles, 'customer'] as const;

export const CreateUserRequest = z.strictObject({
  email: emailAddress,
  password: newPassword,
  name: line(200).optional(),
  role: z.enum(staffRoles),
});

export const UpdateUserRequest = z.strictObject({
  name: line(200).nullable().optional(),
  role: z.enum(staffRoles).optional(),
  status: z.enum(['active', 'disabled']).optional().describe('A disabled user can neither sign in nor refresh.'),
  password: newPassword.optional().describe('Ends their sessions.'),
});

export const ListUsersQuery = z.strictObject({
  ...pageParameters,
  q: line(200).optional().describe('Part of the name or of the e-mail address, in any case.'),
  role: z.enum(listedRoles).optional().describe('The people of the company where not given.'),
  status: z.enum(['active', 'disabled']).optional(),
});

export const UserSchema = z
  .strictObject({
    id: z.int(),
    email: z.string(),
    emailVerified: z.boolean(),
    name: z.string().nullable(),
    role: z.enum(listedRoles),
    status: z.enum(['active', 'disabled']),
    customerId: z.int().nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'User' });

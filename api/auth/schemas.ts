import { z } from 'zod';

import { passwordLength } from '../../domain/identity/passwords/acceptable-password';
import { localeTag } from '../../domain/companies/setting-types';
import { roles } from '../../domain/identity/principal';
import { line } from '../http/pipeline/fields';

/** Stored in lower case; what differs only in case is the same address. */
export const emailAddress = z.email().max(254).toLowerCase().meta({ example: 'an@example.test' });

export const newPassword = z
  .string()
  .min(passwordLength.min)
  .max(passwordLength.max)
  .describe('8 to 128 characters; neither one of the commonest passwords nor the own address.');

/** Answers of every request that holds one. */
export const newPasswordErrors = ['password_too_common', 'password_is_address'] as const;

export const SignUpRequest = z.strictObject({
  email: emailAddress,
  password: newPassword,
  name: line(200).optional(),
  locale: localeTag
    .optional()
    .meta({ example: 'vi-VN' })
    .describe("Language of mails and invoices, and how numbers are written; the company's where not given."),
});

export const ForgottenPasswordRequest = z.strictObject({ email: emailAddress });

const linkToken = z.string().min(1).max(200).describe('The last part of the address in the mail.');

export const ResetPasswordRequest = z.strictObject({ token: linkToken, password: newPassword });

export const ConfirmEmailRequest = z.strictObject({ token: linkToken });

export const ChangePasswordRequest = z.strictObject({ currentPassword: z.string().min(1).max(128), newPassword });

export const LogInRequest = z.strictObject({ email: emailAddress, password: z.string().min(1).max(128) });

export const RefreshRequest = z.strictObject({ refreshToken: z.string().min(1).max(200) });

export const AccountSchema = z
  .strictObject({
    id: z.int(),
    email: z.string(),
    emailVerified: z.boolean().describe('Whether a link that was mailed to the address was followed.'),
    name: z.string().nullable(),
    role: z.enum(roles),
    companyId: z.int(),
    customerId: z.int().nullable().describe('The customer record of a user with role customer.'),
  })
  .meta({ id: 'Account' });

export const SessionSchema = z
  .strictObject({
    accessToken: z.string().describe('Send it as `Authorization: Bearer …`.'),
    refreshToken: z.string().describe('Good for one refresh within 30 days.'),
    expiresIn: z.int().describe('Seconds until the access token ends.'),
    user: AccountSchema,
  })
  .meta({ id: 'Session' });

export const MeSchema = z
  .strictObject({
    user: AccountSchema,
    company: z.strictObject({ id: z.int(), slug: z.string(), name: z.string(), businessModel: z.string() }),
  })
  .meta({ id: 'Me' });

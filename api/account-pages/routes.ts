import { z } from 'zod';

import { AppError } from '../../domain/errors';
import { createAccountLinks } from '../../domain/identity/account-links';
import { resetPassword } from '../../domain/identity/passwords/reset-password';
import { passwords } from '../../domain/identity/passwords/passwords';
import { confirmEmail } from '../../domain/identity/passwords/set-password';
import { createSignedLinks } from '../../domain/notifications/signed-links';
import { newPassword, newPasswordErrors } from '../auth/schemas';
import type { ApiDependencies } from '../dependencies';
import { defineRoute, type Reply, type Route } from '../http/pipeline/route';
import { unknownLinkPage } from '../pages/html-page';
import { confirmedPage, confirmPage, passwordPage, passwordSavedPage } from './account-pages';

const tag = 'Authentication';
const params = z.strictObject({ token: z.string().max(200) });
const Form = z.looseObject({ password: newPassword });

/** Pages that mails about an account link to. What they do, `/auth/password/reset` and `/auth/email/confirm` do too. */
export function createAccountPageRoutes(deps: ApiDependencies): Route[] {
  const { database, clock } = deps;
  const links = createAccountLinks(
    createSignedLinks({ secret: deps.config.JWT_SECRET, publicUrl: deps.config.publicUrl }),
    database,
  );
  const page = { tag, access: 'provider', params } as const;

  return [
    defineRoute({
      ...page,
      method: 'get',
      path: '/account/password/:token',
      operationId: 'showPasswordPage',
      summary: 'Page to choose another password',
      description: 'For people: HTML.',
      responses: { 200: null, 404: null },
      handler: ({ params: { token } }) =>
        unlessInvalid(async () => passwordPage((await links.openPasswordLink(token, clock.now())).locale)),
    }),
    defineRoute({
      ...page,
      method: 'post',
      path: '/account/password/:token',
      operationId: 'resetPasswordByPage',
      summary: 'Choose another password on that page',
      description: 'A form with `password`.',
      responses: { 200: null, 404: null, 422: null },
      handler: ({ params: { token }, body }) =>
        unlessInvalid(async () => {
          const { locale } = await links.openPasswordLink(token, clock.now());
          const form = Form.safeParse(body);

          if (!form.success) {
            return passwordPage(locale, true);
          }
          try {
            await resetPassword({ database, passwords, links }, { token, ...form.data, now: clock.now() });
          } catch (error) {
            if (error instanceof AppError && newPasswordErrors.some((code) => code === error.code)) {
              return passwordPage(locale, true);
            }
            throw error;
          }

          return passwordSavedPage(locale);
        }),
    }),
    defineRoute({
      ...page,
      method: 'get',
      path: '/account/confirm/:token',
      operationId: 'showConfirmPage',
      summary: 'Page to confirm an e-mail address',
      description: 'For people: HTML. Opening it confirms nothing.',
      responses: { 200: null, 404: null },
      handler: ({ params: { token } }) =>
        unlessInvalid(async () => {
          const { isEmailVerified, locale } = await links.openEmailLink(token);

          return isEmailVerified ? confirmedPage(locale) : confirmPage(locale);
        }),
    }),
    defineRoute({
      ...page,
      method: 'post',
      path: '/account/confirm/:token',
      operationId: 'confirmEmailByPage',
      summary: 'Confirm an e-mail address on that page',
      responses: { 200: null, 404: null },
      handler: ({ params: { token } }) =>
        unlessInvalid(async () => {
          const user = await links.openEmailLink(token);
          await database.withTenant(user.companyId, (tx) => confirmEmail(tx, { ...user, now: clock.now() }));

          return confirmedPage(user.locale);
        }),
    }),
  ];
}

/** A person is told in words that a link has ended, not by a problem document. */
async function unlessInvalid(answer: () => Promise<Reply>): Promise<Reply> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof AppError && error.code === 'link_invalid') {
      return unknownLinkPage();
    }
    throw error;
  }
}

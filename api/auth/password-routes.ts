import { type Account, toPrincipal, viewAccount } from '../../domain/identity/account';
import { accessTokenSeconds } from '../../domain/identity/sessions/access-token';
import { createAccountLinks } from '../../domain/identity/account-links';
import { changePassword } from '../../domain/identity/passwords/change-password';
import { passwords } from '../../domain/identity/passwords/passwords';
import { resetPassword } from '../../domain/identity/passwords/reset-password';
import { confirmEmail } from '../../domain/identity/passwords/set-password';
import { AppError } from '../../domain/errors';
import { noticeToUser } from '../../domain/notifications/notice-to-user';
import { createSignedLinks } from '../../domain/notifications/signed-links';
import type { ApiDependencies } from '../dependencies';
import { defineRoute, type Route, signedIn } from '../http/pipeline/route';
import {
  ChangePasswordRequest,
  ConfirmEmailRequest,
  ForgottenPasswordRequest,
  newPasswordErrors,
  ResetPasswordRequest,
  SessionSchema,
} from './schemas';

const tag = 'Authentication';

/** A session as it is answered: tokens, and who they are for. */
export async function viewSession(
  { accessTokens }: Pick<ApiDependencies, 'accessTokens'>,
  { account, refreshToken }: { account: Account; refreshToken: string },
) {
  return {
    accessToken: await accessTokens.issueAccessToken(toPrincipal(account)),
    refreshToken,
    expiresIn: accessTokenSeconds,
    user: viewAccount(account),
  };
}

/** Passwords that are forgotten or changed, and addresses that are confirmed. */
export function createPasswordRoutes(deps: ApiDependencies): Route[] {
  const { database } = deps;
  const links = createAccountLinks(
    createSignedLinks({ secret: deps.config.JWT_SECRET, publicUrl: deps.config.publicUrl }),
    database,
  );

  return [
    defineRoute({
      method: 'post',
      path: '/auth/password/forgot',
      operationId: 'forgotPassword',
      summary: 'Ask for a mail with a link to choose another password',
      description:
        'The same answer whether the address is known or not. At most one mail a minute and five an hour; the link works once, ' +
        'within an hour of being asked for.',
      tag,
      access: 'public',
      body: ForgottenPasswordRequest,
      responses: { 202: null },
      errors: ['company_not_found', 'company_suspended'],
      async handler({ body, companyId, now }) {
        await database.withTenantSql(companyId, (tx) =>
          noticeToUser(tx, { kind: 'password_reset', user: body, isAskedFor: true, now }),
        );

        return { status: 202 };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/auth/password/reset',
      operationId: 'resetPassword',
      summary: 'Choose another password with the token of such a mail',
      description: 'Ends all sessions, and confirms the address, since the mail got there.',
      tag,
      access: 'public',
      body: ResetPasswordRequest,
      responses: { 204: null },
      errors: ['link_invalid', ...newPasswordErrors],
      async handler({ body, now }) {
        await resetPassword({ database, passwords, links }, { ...body, now });

        return { status: 204 };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/auth/password',
      operationId: 'changePassword',
      summary: 'Change your own password',
      description: 'Ends all your sessions, and answers a new one.',
      tag,
      access: signedIn,
      body: ChangePasswordRequest,
      responses: { 200: SessionSchema },
      errors: ['wrong_password', ...newPasswordErrors, 'conflict'],
      answersSecrets: true,
      async handler({ body, principal, now }) {
        if (principal === null) {
          throw new AppError('unauthenticated');
        }
        const { companyId, userId } = principal;
        const session = await changePassword({ database, passwords }, { ...body, companyId, userId, now });

        return { status: 200, body: await viewSession(deps, session) };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/auth/email/confirmation',
      operationId: 'askForConfirmation',
      summary: 'Ask for a mail with a link that confirms your address',
      description: 'At most one a minute and five an hour.',
      tag,
      access: signedIn,
      responses: { 202: null },
      async handler({ principal, now }) {
        if (principal === null) {
          throw new AppError('unauthenticated');
        }
        const user = { id: principal.userId };
        await database.withTenantSql(principal.companyId, (tx) =>
          noticeToUser(tx, { kind: 'email_confirmation', user, isAskedFor: true, now }),
        );

        return { status: 202 };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/auth/email/confirm',
      operationId: 'confirmEmail',
      summary: 'Confirm an address with the token of such a mail',
      description: 'Repeating it changes nothing.',
      tag,
      access: 'public',
      body: ConfirmEmailRequest,
      responses: { 204: null },
      errors: ['link_invalid'],
      async handler({ body, now }) {
        const user = await links.openEmailLink(body.token);
        await database.withTenant(user.companyId, (tx) => confirmEmail(tx, { ...user, now }));

        return { status: 204 };
      },
    }),
  ];
}

import { readCompany } from '../../domain/companies/read-company';
import { AppError } from '../../domain/errors';
import { viewAccount } from '../../domain/identity/account';
import { endSession } from '../../domain/identity/sessions/end-session';
import { logIn } from '../../domain/identity/sessions/log-in';
import { passwords } from '../../domain/identity/passwords/passwords';
import { readAccount } from '../../domain/identity/read-account';
import { refreshSession } from '../../domain/identity/sessions/refresh-session';
import { parseRefreshToken } from '../../domain/identity/sessions/refresh-token';
import { signUp } from '../../domain/identity/sign-up';
import { startSession } from '../../domain/identity/sessions/start-session';
import type { ApiDependencies } from '../dependencies';
import { defineRoute, type Route, signedIn } from '../http/pipeline/route';
import { createPasswordRoutes, viewSession } from './password-routes';
import { LogInRequest, MeSchema, newPasswordErrors, RefreshRequest, SessionSchema, SignUpRequest } from './schemas';

const tag = 'Authentication';

/** Who is calling: sign-up, login, refresh, logout, me, passwords and addresses. */
export function createAuthRoutes(deps: ApiDependencies): Route[] {
  const { database } = deps;

  return [
    defineRoute({
      method: 'post',
      path: '/auth/signup',
      operationId: 'signUp',
      summary: 'Sign up as a customer',
      description:
        "Joins the request's company with role customer; user, customer and billing account are made at once. An " +
        'address that the company entered as a customer itself is answered email_taken too: the company opens that account.',
      tag,
      access: 'public',
      body: SignUpRequest,
      responses: { 201: SessionSchema },
      errors: ['email_taken', ...newPasswordErrors, 'company_not_found', 'company_suspended'],
      reserves: 'user',
      answersSecrets: true,
      async handler({ body, companyId, reservedId, now }) {
        const passwordHash = await passwords.hashPassword(body.password, body);
        const session = await database.withTenant(companyId, async (tx) => {
          const { userId } = await signUp(tx, {
            id: reservedId,
            email: body.email,
            passwordHash,
            name: body.name ?? null,
            locale: body.locale,
            now,
          });

          return startSession(tx, { userId, now });
        });

        return { status: 201, body: await viewSession(deps, session) };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/auth/login',
      operationId: 'logIn',
      summary: 'Sign in with e-mail and password',
      description:
        'After five wrong passwords in a row for an account, known or not, the next attempt waits 1 s, then twice as long ' +
        'after each, up to 15 minutes: 429 with Retry-After. The right password, another one, or a day, begins anew.',
      tag,
      access: 'public',
      body: LogInRequest,
      responses: { 200: SessionSchema },
      errors: ['invalid_credentials', 'company_not_found', 'company_suspended'],
      answersSecrets: true,
      async handler({ body, companyId, now }) {
        return {
          status: 200,
          body: await viewSession(deps, await logIn({ database, passwords }, { ...body, companyId, now })),
        };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/auth/refresh',
      operationId: 'refreshSession',
      summary: 'Take a refresh token for a new pair of tokens',
      description: 'Each refresh token works once. A second use ends every token of that sign-in.',
      tag,
      access: 'public',
      body: RefreshRequest,
      responses: { 200: SessionSchema },
      errors: ['token_reused', 'company_suspended'],
      answersSecrets: true,
      async handler({ body, now }) {
        return { status: 200, body: await viewSession(deps, await refreshSession(database, { ...body, now })) };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/auth/logout',
      operationId: 'logOut',
      summary: 'End a session',
      description: 'Ends every refresh token of that sign-in. Answers the same when there was none.',
      tag,
      access: 'public',
      body: RefreshRequest,
      responses: { 204: null },
      async handler({ body, now }) {
        const token = parseRefreshToken(body.refreshToken);

        if (token !== null) {
          await database.withTenant(token.companyId, (tx) => endSession(tx, { token, now }));
        }

        return { status: 204 };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/auth/me',
      operationId: 'me',
      summary: 'Who is signed in, at which company',
      tag,
      access: signedIn,
      responses: { 200: MeSchema },
      async handler({ principal }) {
        if (principal === null) {
          throw new AppError('unauthenticated');
        }

        return database.withTenant(principal.companyId, async (tx) => {
          const account = await readAccount(tx, principal.userId);
          const { id, slug, name, businessModel } = await readCompany(tx);

          return { status: 200, body: { user: viewAccount(account), company: { id, slug, name, businessModel } } };
        });
      },
    }),
    ...createPasswordRoutes(deps),
  ];
}

import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import helmet from 'helmet';

import { AppError } from '../domain/errors';
import type { HealthCheck } from '../platform/health';
import type { ApiDependencies } from './dependencies';
import { docsRouter } from './docs/docs-router';
import { frontPage } from './docs/front-page';
import { healthRouter } from './health/health-router';
import { createAccountStanding } from './http/security/account-standing';
import { allowOrigins } from './http/security/allow-origins';
import { createCompanyDirectory } from './http/security/company-directory';
import { limitRate } from './http/security/limit-rate';
import { logRequests } from './http/pipeline/log-requests';
import { mapError } from './http/pipeline/map-error';
import { measureRequests } from './http/pipeline/measure-requests';
import { mountRoutes } from './http/pipeline/mount-routes';
import { sendProblem } from './http/pipeline/problem';
import { assignRequestId } from './http/pipeline/request-id';
import { stateOf } from './http/pipeline/request-state';
import type { Route } from './http/pipeline/route';
import { createOpenApiDocument } from './openapi/create-openapi-document';

export interface AppOptions {
  /** What must answer before this process takes work: PostgreSQL, Temporal. */
  checks?: readonly HealthCheck[];
  /** True once the process was asked to end: readiness then says no, while requests under way are finished. */
  isDraining?: () => boolean;
}

/** Addresses of the documents that have no version answer at the root too, on the same handlers (S397); pages stand there. */
const unversioned = /^\/(payments|auth|pay|account)(\/|$)/;

/** The HTTP application: `/api/v1/*` with its synonyms, `/docs`, `/health/*`, `/metrics`. It does not listen yet. */
export function createApp(deps: ApiDependencies, routes: readonly Route[], options: AppOptions = {}): Express {
  const { config, logger } = deps;
  const served = routes.filter((route) => !(route.developmentOnly === true && config.isProduction));
  const companies = {
    directory: createCompanyDirectory(deps),
    standing: createAccountStanding(deps),
    defaultCompany: config.DEFAULT_COMPANY,
    publicHost: new URL(config.publicUrl).hostname,
  };
  const api = mountRoutes(deps, companies, served);
  const roots = mountRoutes(
    deps,
    companies,
    served.filter((route) => unversioned.test(route.path)),
  );
  const app = express();

  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', config.TRUST_PROXY);
  app.use(assignRequestId());
  app.use(logRequests(logger));
  app.use(measureRequests(deps.metrics));
  app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } }));
  app.use(allowOrigins(config.CORS_ORIGINS));
  app.use(healthRouter({ ...options, logger, metrics: config.API_METRICS ? deps.metrics : null }));
  app.use(limitRate({ perMinute: config.RATE_LIMIT_PER_MINUTE }));
  // First of all that may follow: most requests are for it.
  app.use('/api/v1', api);
  app.use(frontPage({ hasDocs: config.API_DOCS }));
  if (config.API_DOCS) {
    app.use(docsRouter(createOpenApiDocument(served)));
  }
  app.use('/api', api);
  app.use(roots);
  app.use(refuseUnknownAddress());
  app.use(answerErrors());

  return app;
}

function refuseUnknownAddress(): RequestHandler {
  return () => {
    throw new AppError('not_found', { detail: 'There is nothing at this address.' });
  };
}

/** The one place where errors become answers. What is not our caller's fault is logged here, once, with its stack. */
function answerErrors(): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const problem = mapError(error);

    if (problem.status >= 500) {
      // The request's log line carries it.
      stateOf(response).error = (problem.cause ?? problem) as Error;
    }
    if (response.headersSent) {
      next(error);

      return;
    }
    sendProblem(response, problem, stateOf(response).requestId);
  };
}

import type { z } from 'zod';

import type { ErrorCode } from '../../../domain/errors';
import type { Principal, Role } from '../../../domain/identity/principal';
import type { Logger } from '../../../platform/logger';

export { roles, type Role } from '../../../domain/identity/principal';

/** Tables whose ids a POST may reserve before it acts, so that a retry finds the same row (D2). */
export type ReservableTarget =
  | 'company'
  | 'user'
  | 'customer'
  | 'product'
  | 'category'
  | 'plan'
  | 'feature'
  | 'addon'
  | 'pricingRule'
  | 'priceMove'
  | 'deployment'
  | 'promotion'
  | 'promotionCode'
  | 'taxRate'
  | 'meter'
  | 'meterPrice'
  | 'order'
  | 'payment'
  | 'refund'
  | 'creditGrant'
  | 'creditNote'
  | 'balanceEntry'
  | 'subscription'
  | 'testClock'
  | 'entitlementOverride';

/**
 * Who may call: `public` needs no token; `provider` is a payment provider's callback, verified by its signature;
 * a list names the roles (super_admin is always among them).
 */
export type Access = 'public' | 'provider' | readonly Role[];

/** Shorthands used by the routes. */
export const signedIn: Access = ['company_admin', 'shop_manager', 'staff', 'customer'];
export const employees: Access = ['company_admin', 'shop_manager', 'staff'];
export const managers: Access = ['company_admin', 'shop_manager'];
export const administrators: Access = ['company_admin'];
export const operators: Access = [];

export interface RequestContext<Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  /** The company the request is for: of the token, else host or X-Company, else the default one (D6). */
  companyId: number;
  /** Null on public and provider routes without a token. */
  principal: Principal | null;
  /** Id that this POST's effect must use; reserved for every route that declares `reserves`, with or without a key. */
  reservedId: number;
  /** Unique and stable across retries of one Idempotency-Key; null without a key. For effect columns. */
  effectKey: string | null;
  /** The same request was under way before, with the same key, and its answer was lost: it may have been carried out. */
  isRepeat: boolean;
  requestId: string;
  ip: string;
  now: Date;
  /** Its lines tell the request, who called and the workflow. */
  log: () => Logger;
  /** Raw query of a provider callback, unparsed names and values. */
  rawQuery: () => Record<string, string | string[]>;
}

export interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Strict, as bodies are, which may be more than an object: eslint sees to it. */
export type Parameters = z.ZodObject<Record<string, z.ZodType>, z.core.$strict>;

export interface RouteDefinition<Params, Query, Body extends z.ZodType> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below /api/v1, Express style: `/orders/:id`. */
  path: string;
  operationId: string;
  summary: string;
  description?: string;
  tag: string;
  access: Access;
  params?: Params;
  query?: Query;
  body?: Body;
  /** Schema of each success answer; null where there is no body. */
  responses: Readonly<Record<number, z.ZodType | null>>;
  /** Codes besides validation_failed, unauthenticated, forbidden, rate_limited, unavailable and internal. */
  errors?: readonly ErrorCode[];
  reserves?: ReservableTarget;
  /** What the company must take on anew for it: refused early while that door is closed (D29). */
  door?: 'orders' | 'subscriptions';
  /** The answer holds tokens: what is kept for a retry is encrypted with a key that only the same request yields. */
  answersSecrets?: boolean;
  /** Not served and not documented in production (the documents' test endpoints). */
  developmentOnly?: boolean;
  handler(context: RequestContext<z.output<Params>, z.output<Query>, z.output<Body>>): Promise<Reply>;
}

/** A route whose types are forgotten: what the app mounts and OpenAPI documents. */
export type Route = RouteDefinition<Parameters, Parameters, z.ZodType>;

/** Checks a route's handler against its schemas and hands it on. `routes.ts` of each resource returns a list of these. */
export function defineRoute<
  Params extends Parameters = Parameters,
  Query extends Parameters = Parameters,
  Body extends z.ZodType = z.ZodUndefined,
>(definition: RouteDefinition<Params, Query, Body>): Route {
  return definition as unknown as Route;
}

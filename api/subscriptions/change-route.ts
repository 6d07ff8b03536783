import { z } from 'zod';

import type { ErrorCode } from '../../domain/errors';
import {
  type RequestedCommand,
  type SubscriptionCommandType,
  subscriptionCommands,
} from '../../domain/subscriptions/commands/subscription-command-schema';
import type { ApiDependencies } from '../dependencies';
import { idParams } from '../http/pipeline/fields';
import { type Access, defineRoute, type Route, signedIn } from '../http/pipeline/route';
import { answerChange } from './answer-change';
import { PreviewQuery, PreviewSchema, SubscriptionSchema, tag } from './schemas';

/** What a change answers: the subscription, or what it would bill. */
export const changeAnswers = { 200: z.union([SubscriptionSchema, PreviewSchema]) };

export interface Change {
  type: SubscriptionCommandType;
  path: string;
  operationId: string;
  summary: string;
  description?: string;
  errors: readonly ErrorCode[];
  /** Whoever is signed in, for their own, where it does not say otherwise. */
  access?: Access;
}

/** The route of a command whose body is all that there is to say of it. */
export function changeRoute(
  deps: ApiDependencies,
  { type, path, errors, access = signedIn, ...definition }: Change,
): Route {
  return defineRoute({
    ...definition,
    method: 'post',
    path: `/subscriptions/:id/${path}`,
    tag,
    access,
    params: idParams,
    body: subscriptionCommands[type],
    query: PreviewQuery,
    responses: changeAnswers,
    errors: ['not_found', 'subscription_state', ...errors],
    handler: ({ params, query, body, companyId, principal, effectKey, now }) =>
      answerChange(deps, {
        companyId,
        subscriptionId: params.id,
        principal,
        command: { type, ...body } as RequestedCommand,
        isPreview: query.preview === 'true',
        effectKey,
        now,
      }),
  });
}

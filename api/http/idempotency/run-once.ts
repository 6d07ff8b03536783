import { AppError } from '../../../domain/errors';
import type { Clock } from '../../../platform/clock';
import type { Database } from '../../../platform/db/database';
import type { Logger } from '../../../platform/logger';
import { hashRequest } from './hash-request';
import { claimKey, type KeyHold, releaseKey, storeAnswer, type StoredAnswer } from './idempotency';
import { keepLease } from './keep-lease';
import { mapError } from '../pipeline/map-error';
import { toProblem } from '../pipeline/problem';
import { reserveId } from './reserve-id';
import type { Reply, Route } from '../pipeline/route';
import { openAnswer, sealAnswer } from './seal-answer';

export interface OnceRequest {
  route: Route;
  companyId: number;
  principal: string;
  key: string | null;
  /** Parameters, query and body as they arrived. */
  input: unknown;
  requestId: string;
  log: () => Logger;
}

export interface OnceDependencies {
  database: Database;
  clock: Clock;
  secret: string;
}

type Effect = (run: { reservedId: number; effectKey: string | null; isRepeat: boolean }) => Promise<Reply>;

export type OnceResult = { kind: 'ran'; reply: Reply } | { kind: 'replayed'; answer: StoredAnswer };

/** Answers that a repeat may change: they tell of the moment, not of the request. After a 202 it waits on. */
const isPassing = (status: number): boolean => status >= 500 || status === 202 || status === 401 || status === 429;

/**
 * Runs a request's effect; with a key at most once for its answer, and on every retry with the same reserved id and
 * effect key (D2). Without a key it reserves an id where the route wants one.
 */
export async function runOnce(deps: OnceDependencies, request: OnceRequest, effect: Effect): Promise<OnceResult> {
  const { route, companyId, key } = request;

  if (key === null) {
    const reservedId = route.reserves === undefined ? 0 : await reserveId(deps.database, route.reserves);

    return { kind: 'ran', reply: await effect({ reservedId, effectKey: null, isRepeat: false }) };
  }
  const identity = { method: route.method, path: route.path, input: request.input };
  const claim = await claimKey(deps.database, {
    companyId,
    principal: request.principal,
    route: `${route.method.toUpperCase()} ${route.path}`,
    key,
    requestHash: hashRequest(deps.secret, identity),
    reserves: route.reserves,
    now: deps.clock.now(),
  });

  if (claim.kind === 'replay') {
    return { kind: 'replayed', answer: unseal(deps.secret, route, identity, claim.answer) };
  }
  const { hold } = claim;
  const endLease = keepLease(deps, { companyId, hold, log: request.log });

  try {
    const { reservedId, isRepeat } = hold;
    const reply = await effect({ reservedId, effectKey: `idem/${hold.id}`, isRepeat });
    const { status, headers = {}, body } = reply;
    await keep(deps, request, await endLease(), identity, { status, headers, body });

    return { kind: 'ran', reply };
  } catch (error) {
    const problem = mapError(error);
    const answer = { status: problem.status, headers: {}, body: toProblem(problem, request.requestId) };
    await keep(deps, request, await endLease(), identity, answer);
    throw error;
  }
}

/** What was done is done: failing to note the answer only means that a repeat runs again, on the same ids. */
async function keep(
  deps: OnceDependencies,
  request: OnceRequest,
  hold: KeyHold,
  identity: unknown,
  answer: StoredAnswer,
): Promise<void> {
  const { companyId, route } = request;

  try {
    if (isPassing(answer.status)) {
      await releaseKey(deps.database, companyId, hold, deps.clock.now());
    } else if (route.answersSecrets === true && answer.status < 400) {
      const sealed = sealAnswer(deps.secret, identity, answer.body);
      await storeAnswer(deps.database, companyId, hold, { ...answer, body: sealed });
    } else {
      await storeAnswer(deps.database, companyId, hold, answer);
    }
  } catch (err) {
    request.log().warn({ err, idempotencyRecord: hold.id }, 'the answer was not kept for repeats');
  }
}

function unseal(secret: string, route: Route, identity: unknown, answer: StoredAnswer): StoredAnswer {
  if (route.answersSecrets !== true || answer.status >= 400) {
    return answer;
  }

  return { ...answer, body: openAnswer(secret, identity, answer.body as { sealed: string }) };
}

const usableKey = /^[\x21-\x7e]{1,255}$/;

/** @throws AppError idempotency_key_invalid */
export function readIdempotencyKey(header: string | undefined): string | null {
  if (header === undefined) {
    return null;
  }
  if (!usableKey.test(header)) {
    throw new AppError('idempotency_key_invalid', { field: 'Idempotency-Key' });
  }

  return header;
}

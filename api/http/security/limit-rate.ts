import type { RequestHandler } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

import { AppError } from '../../../domain/errors';

/**
 * Refuses more than `perMinute` requests of one address in a minute with 429 and Retry-After. Counts live in this
 * process: several API processes let through as many times more. The address is the proxy's, unless TRUST_PROXY.
 * @param options.perMinute RATE_LIMIT_PER_MINUTE; 0 switches it off
 */
export function limitRate({ perMinute }: { perMinute: number }): RequestHandler {
  if (perMinute === 0) {
    return (_request, _response, next) => next();
  }
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });

  return async (request, _response, next) => {
    try {
      await limiter.consume(request.ip ?? 'unknown');
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) {
        throw refusal;
      }
      throw new AppError('rate_limited', {
        params: { retryAfter: Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)) },
      });
    }
    next();
  };
}

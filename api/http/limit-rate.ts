import type { RequestHandler } from 'express';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

import { AppError } from '../../domain/errors';

/**
 * Refuses more than `perMinute` requests of one address in a minute with 429 and Retry-After. Counts live in this
 * process; an installation of several API processes hands in a limiter with a shared store (`RateLimiterPostgres`).
 * @param options.perMinute RATE_LIMIT_PER_MINUTE; 0 switches it off
 */
export function limitRate(options: { perMinute: number; limiter?: RateLimiterAbstract | undefined }): RequestHandler {
  if (options.perMinute === 0) {
    return (_request, _response, next) => next();
  }
  const limiter = options.limiter ?? new RateLimiterMemory({ points: options.perMinute, duration: 60 });

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

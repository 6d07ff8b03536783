import { expireOverride, listExpiredOverrides } from '../domain/entitlements/overrides/end-override';
import { runExpirySweep, type SweepOptions } from './expiry-sweep';

/** Ends overrides whose time is over, with their events. They are over whether this has run or not; what it does is to say so. */
export function runOverrideExpiry(options: SweepOptions): Promise<void> {
  return runExpirySweep(options, {
    what: 'entitlement override',
    idleMs: 5_000,
    find: listExpiredOverrides,
    end: (tx, { id }, now) => expireOverride(tx, id, now),
  });
}

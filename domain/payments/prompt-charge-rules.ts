/**
 * How long a provider may take with the charge of a saved method, in milliseconds, before the run of a subscription that asked
 * for it hands it to `payment/<id>` (D24). Most answer within seconds.
 */
export const promptChargeMs = 120_000;

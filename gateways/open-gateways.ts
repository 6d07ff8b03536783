import { z } from 'zod';

import type { PaymentGateways } from '../domain/payments/payment-gateway';
import { createTokenSeal } from '../domain/payments/token-seal';
import type { Config } from '../platform/config';
import { type Database, Prisma } from '../platform/db/database';
import type { Logger } from '../platform/logger';
import { createPostgresCardLedger } from './card/postgres-card-ledger';
import { openSealedTokens } from './open-sealed-tokens';
import { createGatewayRegistry } from './registry';
import { vnpayReturnPath } from './vnpay/addresses';

/** The payment methods of this process, from its configuration; the API and the workers open the same ones. */
export async function openGateways(options: {
  config: Config;
  database: Database;
  logger: Logger;
}): Promise<PaymentGateways> {
  const { config, database, logger } = options;

  const gateways = createGatewayRegistry({
    referencePrefix: await readReferencePrefix(database),
    vnpay: {
      tmnCode: config.VNPAY_TMN_CODE,
      hashSecret: config.VNPAY_HASH_SECRET,
      payUrl: config.VNPAY_PAY_URL,
      apiUrl: config.VNPAY_API_URL,
      returnUrl: `${config.publicUrl}${vnpayReturnPath}`,
      // The company's setting paymentExpiryMarginSeconds was taken off before the gateway is asked (D11).
      expiryMarginMs: 0,
    },
    cardLedger: config.isProduction ? null : createPostgresCardLedger(database.system),
    onCallbackError: (err) => logger.error({ err }, 'a payment callback met an error of ours'),
  });

  return openSealedTokens(gateways, createTokenSeal(config.JWT_SECRET));
}

/** Installations may share a merchant account; their references must not meet. */
async function readReferencePrefix(database: Database): Promise<string> {
  const [row] = await database.system.query(
    z.object({ id: z.string() }),
    Prisma.sql`SELECT id::text AS id FROM platform.installation LIMIT 1`,
  );

  return row === undefined ? 'bmms' : `${row.id.replaceAll('-', '').slice(0, 10)}p`;
}

import { z } from 'zod';

import { AppError } from '../../domain/errors';
import { findPaymentByReference } from '../../domain/payments/find-payment';
import { readPayment } from '../../domain/payments/read-payment';
import type { ApiDependencies } from '../dependencies';
import { defineRoute, type Route } from '../http/pipeline/route';
import { createCallbackStore } from './callback-store';
import { renderReturnPage } from './return-page';
import { tellOwner } from './tell-owner';

const tag = 'Payments';
const IpnAnswer = z.strictObject({ RspCode: z.string(), Message: z.string() }).meta({ id: 'VnpayIpnAnswer' });

/** Where VNPay's server tells us of payments, and where it sends the customer's browser. The first settles, the second shows. */
export function createVnpayRoutes(deps: ApiDependencies): Route[] {
  const gateway = deps.gateways.get('vnpay');

  return [
    defineRoute({
      method: 'get',
      path: '/payments/vnpay/ipn',
      operationId: 'vnpayIpn',
      summary: 'Notification by VNPay',
      description:
        'Called by VNPay, signed; answered by its codes: 00 taken in, 01 unknown, 02 known already, 04 other amount, 97 bad signature, 99 repeat.',
      tag,
      access: 'provider',
      responses: { 200: IpnAnswer },
      async handler({ rawQuery }) {
        const store = createCallbackStore(deps);
        const answer = await gateway?.answerCallback?.({ query: rawQuery, headers: {}, body: null }, store);

        if (store.taken !== null) {
          await tellOwner(deps, store.taken);
        }

        return { status: answer?.status ?? 200, body: answer?.body ?? { RspCode: '99', Message: 'Not available' } };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/payments/vnpay/return',
      operationId: 'vnpayReturn',
      summary: 'Page the customer comes back to from VNPay',
      description: 'Shows how the payment stands; it settles nothing.',
      tag,
      access: 'provider',
      responses: { 200: null },
      errors: ['invalid_signature'],
      async handler({ rawQuery }) {
        const reading = gateway?.readReturn?.(rawQuery) ?? { isAuthentic: false as const };

        if (!reading.isAuthentic) {
          throw new AppError('invalid_signature');
        }

        const found = await findPaymentByReference(deps.database, reading.reference);
        const payment =
          found === null
            ? null
            : await deps.database.withTenantSql(found.companyId, (tx) => readPayment(tx, found.paymentId));

        return {
          status: 200,
          body: renderReturnPage(reading, payment),
          headers: { 'Content-Type': 'text/html; charset=utf-8' },
        };
      },
    }),
  ];
}

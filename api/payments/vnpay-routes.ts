import { z } from 'zod';

import { readPayableInvoice } from '../../domain/billing/invoices/read-payable-invoice';
import { createSignedLinks } from '../../domain/notifications/signed-links';
import { findPaymentByReference } from '../../domain/payments/find-payment';
import { readPayment } from '../../domain/payments/read-payment';
import type { ApiDependencies } from '../dependencies';
import { defineRoute, type Route } from '../http/pipeline/route';
import { createCallbackStore } from './callback-store';
import { renderReturnPage, type Returned, unknownReturnPage, unsignedReturnPage } from './return-page';
import { tellOwner } from './tell-owner';

const tag = 'Payments';
const IpnAnswer = z.strictObject({ RspCode: z.string(), Message: z.string() }).meta({ id: 'VnpayIpnAnswer' });

/** Where VNPay's server tells us of payments, and where it sends the customer's browser. The first settles, the second shows. */
export function createVnpayRoutes(deps: ApiDependencies): Route[] {
  const gateway = deps.gateways.get('vnpay');
  const links = createSignedLinks({ secret: deps.config.JWT_SECRET, publicUrl: deps.config.publicUrl });
  const find = async (reference: string): Promise<Returned | null> => {
    const found = await findPaymentByReference(deps.database, reference);

    if (found === null) {
      return null;
    }
    const tx = deps.database.eachAlone(found.companyId);
    const payment = await readPayment(tx, found.paymentId);
    const invoice = payment && (await readPayableInvoice(tx, { invoiceId: payment.invoiceId, now: deps.clock.now() }));

    return invoice && { payment, invoice, payAgainAt: links.linkTo('pay', [found.companyId, payment.invoiceId]) };
  };

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
        const answer = await gateway?.answerCallback?.({ query: rawQuery(), headers: {}, body: null }, store);

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
      description:
        'For people: HTML that says how the payment stands, with ways to pay again and back to the shop. It settles nothing.',
      tag,
      access: 'provider',
      responses: { 200: null, 400: null, 404: null },
      async handler({ rawQuery }) {
        const reading = gateway?.readReturn?.(rawQuery()) ?? { isAuthentic: false as const };

        if (!reading.isAuthentic) {
          return unsignedReturnPage();
        }
        const returned = await find(reading.reference);

        return returned === null ? unknownReturnPage(reading.reference) : renderReturnPage(reading, returned);
      },
    }),
  ];
}

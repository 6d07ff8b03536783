import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import {
  type PayableInvoice,
  readPayableInvoice,
  readPayAddress,
} from '../../domain/billing/invoices/read-payable-invoice';
import { noticeLanguage } from '../../domain/notifications/notice-rules';
import { createSignedLinks } from '../../domain/notifications/signed-links';
import { type PaymentMethod, paymentMethodNames } from '../../domain/companies/payment-method-types';
import type { ApiDependencies } from '../dependencies';
import { mapError } from '../http/pipeline/map-error';
import { defineRoute, type Reply, type Route } from '../http/pipeline/route';
import { updateOrder } from '../orders/update-order';
import { seeOther, unknownLinkPage } from '../pages/html-page';
import { commandSubscription } from '../subscriptions/command-subscription';
import { renderPayPage } from './pay-page';

const tag = 'Payments';
const params = z.strictObject({ token: z.string().max(200) });
const Form = z.looseObject({ attempt: z.uuid().catch(() => randomUUID()), paymentMethod: z.enum(paymentMethodNames) });

interface Linked {
  companyId: number;
  invoiceId: number;
  invoice: PayableInvoice;
}

/**
 * The page that mails link to in order to have something paid. The link is the key: whoever has it may see what there is
 * to pay, and pay it. It holds for as long as the invoice waits, unlike the provider's own pages, each of which is made
 * when its button is pressed.
 */
export function createPayLinkRoutes(deps: ApiDependencies): Route[] {
  const links = createSignedLinks({ secret: deps.config.JWT_SECRET, publicUrl: deps.config.publicUrl });
  const find = async (token: string): Promise<Linked | null> => {
    const read = links.readToken('pay', 2, token);
    const [companyId, invoiceId] = read?.isSignedFor('') === true ? read.ids : [];

    if (companyId === undefined || invoiceId === undefined) {
      return null;
    }
    const invoice = await readPayableInvoice(deps.database.eachAlone(companyId), { invoiceId, now: deps.clock.now() });

    return invoice === null ? null : { companyId, invoiceId, invoice };
  };
  const show = ({ invoice }: Linked, more: { isRefused?: boolean; status?: number } = {}): Reply =>
    renderPayPage(invoice, { ...waysToPay(deps, invoice), attempt: randomUUID(), ...more });

  return [
    defineRoute({
      method: 'get',
      path: '/pay/:token',
      operationId: 'showPayPage',
      summary: 'Page that says what there is to pay',
      description: 'Mails link to it. For people: HTML in the language of the account. Opening it changes nothing.',
      tag,
      access: 'provider',
      params,
      responses: { 200: null, 404: null },
      async handler({ params: { token } }) {
        const linked = await find(token);

        return linked === null ? unknownLinkPage() : show(linked);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/pay/:token',
      operationId: 'payByLink',
      summary: 'Start a payment from that page',
      description:
        'A form with `paymentMethod`, and `attempt`, a UUID that makes a repeat the same payment. Leads on to the page of ' +
        'the provider, or back to this one when there is nothing to pay (any more).',
      tag,
      access: 'provider',
      params,
      responses: { 303: null, 404: null, 422: null, 503: null },
      reserves: 'payment',
      async handler({ params: { token }, body, reservedId, ip, log }) {
        const linked = await find(token);
        const form = Form.safeParse(body);

        if (linked === null) {
          return unknownLinkPage();
        }
        if (!form.success || !waysToPay(deps, linked.invoice).methods.includes(form.data.paymentMethod)) {
          return show(linked, { isRefused: true, status: 422 });
        }

        try {
          await startPayment(deps, linked, { ...form.data, paymentId: reservedId, customerIp: ip });
        } catch (error) {
          const problem = mapError(error);

          if (problem.code === 'internal') {
            throw error;
          }
          log().info({ err: error, invoiceId: linked.invoiceId }, 'a payment could not be started from its page');
          const after = (await find(token)) ?? linked;

          if (after.invoice.state === 'payable') {
            return show(after, { isRefused: true, status: problem.code === 'unavailable' ? 503 : 422 });
          }
        }
        const address = await readPayAddress(deps.database.eachAlone(linked.companyId), linked.invoiceId);

        return seeOther(address ?? links.linkTo('pay', [linked.companyId, linked.invoiceId]));
      },
    }),
  ];
}

/** Ways to pay that lead to a provider's page; whether cards, which need a token, are taken elsewhere. */
function waysToPay({ gateways }: ApiDependencies, { settings, isTest }: PayableInvoice) {
  const offered = settings.paymentMethods.filter(
    (method) => method !== 'cod' && (!isTest || gateways.get(method)?.isSimulated === true),
  );

  return {
    methods: offered.filter((method) => gateways.has(method) && gateways.get(method)?.charge === undefined),
    takesCards: offered.some((method) => gateways.get(method)?.charge !== undefined),
  };
}

/**
 * A fresh payment, by the workflow that owns the invoice. Pressed twice it is the same update, and so one payment.
 * @throws AppError invoice_state, order_state, charge_in_flight …
 */
async function startPayment(
  deps: ApiDependencies,
  { companyId, invoiceId, invoice }: Linked,
  payment: { attempt: string; paymentMethod: PaymentMethod; paymentId: number; customerIp: string },
): Promise<void> {
  const { paymentId, paymentMethod, customerIp } = payment;
  const effectKey = `link/${invoiceId}/${payment.attempt}`;
  const message = { paymentId, paymentMethod, paymentToken: null, customerIp };

  if (invoice.orderId !== null) {
    const { orderId, locale } = invoice;
    await updateOrder(deps, {
      companyId,
      orderId,
      name: 'pay',
      message: { ...message, locale: noticeLanguage(locale) },
      effectKey,
    });
  } else if (invoice.subscriptionId !== null) {
    const { subscriptionId } = invoice;
    await commandSubscription(deps, {
      companyId,
      subscriptionId,
      effectKey,
      command: { type: 'pay_invoice', invoiceId, ...message },
    });
  }
}

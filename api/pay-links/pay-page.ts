import type { PayableInvoice, PayState } from '../../domain/billing/invoices/read-payable-invoice';
import { formatMoneyFor } from '../../domain/money/localized-money';
import { formatEndTime, formatLastDay, formatTime } from '../../domain/notifications/notice-format-rules';
import { noticeLanguage } from '../../domain/notifications/notice-rules';
import type { NoticeLanguage } from '../../domain/notifications/notice-types';
import type { PaymentMethod } from '../../domain/payments/payment-gateway';
import type { Reply } from '../http/pipeline/route';
import { escapeHtml, htmlPage } from '../pages/html-page';

interface Words {
  order: string;
  invoice: string;
  content: string;
  payBy: string;
  before(time: string): string;
  through(day: string): string;
  pay(method: string): string;
  byCard: string;
  elsewhere: string;
  toShop: string;
  refused: string;
  /** Heading and sentence. */
  states: Readonly<Record<PayState, readonly [string, string]>>;
}

/** Also of the page that a provider leads back to. */
export const payWords: Readonly<Record<NoticeLanguage, Words>> = {
  vi: {
    order: 'Đơn hàng',
    invoice: 'Hóa đơn',
    content: 'Nội dung',
    payBy: 'Hạn thanh toán',
    before: (time) => `trước ${time}`,
    through: (day) => `hết ngày ${day}`,
    pay: (method) => `Thanh toán qua ${method}`,
    byCard: 'Để trả bằng thẻ, vui lòng đăng nhập tại cửa hàng và chọn thẻ cho hóa đơn này.',
    elsewhere:
      'Khoản này không thanh toán trực tuyến tại đây được. Vui lòng đăng nhập tại cửa hàng hoặc liên hệ người bán.',
    toShop: 'Về cửa hàng',
    refused: 'Chưa bắt đầu thanh toán được. Vui lòng thử lại sau ít phút. Bạn chưa bị trừ tiền.',
    states: {
      payable: ['Thanh toán', ''],
      paid: ['Đã thanh toán', 'Khoản này đã được thanh toán. Xin cảm ơn bạn.'],
      void: ['Không cần thanh toán', 'Khoản này đã được hủy, bạn không phải trả nữa.'],
      under_way: [
        'Đang ghi nhận thanh toán',
        'Một khoản thanh toán cho hóa đơn này đang được xử lý. Vui lòng xem lại sau ít phút.',
      ],
      too_late: ['Đã hết thời gian thanh toán', 'Đơn hàng không còn chờ thanh toán. Bạn có thể đặt lại.'],
      cash: ['Thanh toán khi nhận hàng', 'Đơn hàng này được thanh toán khi giao hàng.'],
    },
  },
  en: {
    order: 'Order',
    invoice: 'Invoice',
    content: 'For',
    payBy: 'Pay by',
    before: (time) => `before ${time}`,
    through: (day) => `the end of ${day}`,
    pay: (method) => `Pay with ${method}`,
    byCard: 'To pay by card, sign in at the shop and choose a card for this invoice.',
    elsewhere: 'This cannot be paid online here. Please sign in at the shop, or contact the seller.',
    toShop: 'Back to the shop',
    refused: 'The payment could not be started. Please try again in a few minutes. Nothing was charged.',
    states: {
      payable: ['Payment', ''],
      paid: ['Paid', 'This has been paid. Thank you.'],
      void: ['Nothing to pay', 'This was cancelled. You no longer have to pay it.'],
      under_way: [
        'Recording your payment',
        'A payment for this is being processed. Please look again in a few minutes.',
      ],
      too_late: ['The time to pay is over', 'The order no longer waits for its payment. You can order again.'],
      cash: ['Paid on delivery', 'This order is paid when it is delivered.'],
    },
  },
};

const methodNames: Readonly<Record<PaymentMethod, string>> = {
  vnpay: 'VNPay',
  card: 'card',
  cod: 'cash',
  stripe: 'Stripe',
  paypal: 'PayPal',
};

const tones: Partial<Record<PayState, 'good' | 'bad'>> = { paid: 'good', too_late: 'bad' };

/** More lines than this say nothing to whoever pays. */
const mostLines = 10;

/**
 * What there is to pay, for whom and by when, in the language of the account, with a button for each way to pay that has
 * a page at its provider. Opening it changes nothing: scanners of mail follow links too.
 * @param options.attempt the same for every press of a button of this page: a double click is one payment
 */
export function renderPayPage(
  invoice: PayableInvoice,
  options: {
    methods: readonly PaymentMethod[];
    takesCards: boolean;
    attempt: string;
    isRefused?: boolean;
    status?: number;
  },
): Reply {
  const language = noticeLanguage(invoice.locale);
  const said = payWords[language];
  const [heading, sentence] = said.states[invoice.state];
  const number = invoice.orderNumber ?? invoice.number;
  const isPayable = invoice.state === 'payable';
  const facts = [
    ...(number === null ? [] : [[invoice.orderNumber === null ? said.invoice : said.order, escapeHtml(number)]]),
    [said.content, `<ul>${listOf(invoice)}</ul>`],
    ...(isPayable ? deadlineOf(invoice, said) : []),
  ];

  return htmlPage({
    language,
    title: heading,
    tone: tones[invoice.state] ?? 'plain',
    content: [
      `<p class="seller">${escapeHtml(invoice.sellerName)}</p>`,
      isPayable
        ? `<p class="amount">${escapeHtml(formatMoneyFor(invoice.dueAmount, invoice.currency, invoice.locale))}</p>`
        : `<p>${sentence}</p>`,
      `<dl>${facts.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('')}</dl>`,
      options.isRefused === true ? `<p class="problem" role="alert">${said.refused}</p>` : '',
      isPayable ? waysToPay(said, options) : '',
      invoice.settings.shopUrl === null
        ? ''
        : `<p><a href="${escapeHtml(invoice.settings.shopUrl)}">${said.toShop}</a></p>`,
    ].join('\n'),
    ...(options.status === undefined ? {} : { status: options.status }),
  });
}

function listOf({ lines }: PayableInvoice): string {
  const shown = lines
    .slice(0, mostLines)
    .map(({ description, quantity }) => `${escapeHtml(description)}${quantity > 1 ? ` × ${quantity}` : ''}`);

  return [...shown, ...(lines.length > mostLines ? ['…'] : [])].map((line) => `<li>${line}</li>`).join('');
}

function deadlineOf({ payBy, dueDate, locale, timeZone }: PayableInvoice, said: Words): string[][] {
  if (payBy !== null) {
    return [[said.payBy, escapeHtml(said.before(formatTime(payBy.toISOString(), locale, timeZone)))]];
  }

  if (dueDate === null) {
    return [];
  }
  const due = dueDate.toISOString();
  const within = formatEndTime(due, locale, timeZone);
  const shown = within === null ? said.through(formatLastDay(due, locale, timeZone)) : said.before(within);

  return [[said.payBy, escapeHtml(shown)]];
}

function waysToPay(
  said: Words,
  { methods, takesCards, attempt }: { methods: readonly PaymentMethod[]; takesCards: boolean; attempt: string },
): string {
  const buttons = methods.map(
    (method) => `<button name="paymentMethod" value="${method}">${escapeHtml(said.pay(methodNames[method]))}</button>`,
  );
  const hint = takesCards ? said.byCard : methods.length === 0 ? said.elsewhere : '';

  return [
    ...(buttons.length === 0
      ? []
      : [
          `<form method="post"><input type="hidden" name="attempt" value="${escapeHtml(attempt)}">${buttons.join('')}</form>`,
        ]),
    ...(hint === '' ? [] : [`<p class="note">${hint}</p>`]),
  ].join('\n');
}

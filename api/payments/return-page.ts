import type { PayableInvoice } from '../../domain/billing/invoices/read-payable-invoice';
import { formatMoneyFor } from '../../domain/money/localized-money';
import type { ReturnReading } from '../../domain/payments/payment-gateway';
import type { PaymentRecord } from '../../domain/payments/read-payment';
import type { Reply } from '../http/pipeline/route';
import { escapeHtml, htmlPage } from '../pages/html-page';
import { payWords } from '../pay-links/pay-page';

type Authentic = Extract<ReturnReading, { isAuthentic: true }>;

/** A payment that somebody comes back from, and what it was for. */
export interface Returned {
  payment: PaymentRecord;
  invoice: PayableInvoice;
  /** Our page that makes another payment of the invoice. */
  payAgainAt: string;
}

type State = 'paid' | 'waiting' | 'failed' | 'in_doubt' | 'returned' | 'over';

/** Heading and sentence in Vietnamese, then in English. Whose page failed reads besides how the invoice stands. */
const texts: Readonly<Record<State, readonly [string, string, string, string]>> = {
  paid: ['Thanh toán thành công', 'Chúng tôi đã nhận được tiền.', 'Payment received', 'We have your money.'],
  waiting: [
    'Đang ghi nhận thanh toán',
    'Chúng tôi đang chờ ngân hàng xác nhận. Trang này tự cập nhật.',
    'Recording your payment',
    'We are waiting for the bank. This page refreshes itself.',
  ],
  failed: [
    'Thanh toán không thành công',
    'Bạn chưa bị trừ tiền và có thể thanh toán lại.',
    'Payment failed',
    'Nothing was charged. You can pay again.',
  ],
  in_doubt: [
    'Thanh toán chưa rõ kết quả',
    'Ngân hàng đang kiểm tra giao dịch. Nếu bạn đã bị trừ tiền, chúng tôi sẽ ghi nhận hoặc hoàn tiền.',
    'Payment not settled',
    'The bank is checking it. If you were charged, the money will be credited or refunded.',
  ],
  returned: [
    'Hoàn tiền',
    'Khoản thanh toán này không còn cần thiết và được hoàn lại cho bạn.',
    'Money on its way back',
    'This payment was no longer needed and is given back to you.',
  ],
  over: ['Thanh toán không thành công', 'Bạn chưa bị trừ tiền.', 'Payment failed', 'Nothing was charged.'],
};

const tones: Partial<Record<State, 'good' | 'bad'>> = { paid: 'good', failed: 'bad', over: 'bad' };

/**
 * What a customer reads after paying: what the provider said, whether our books have it yet, and where to go from here.
 * Vietnamese, then English: who pays is not always whose account it is.
 */
export function renderReturnPage(reading: Authentic, { payment, invoice, payAgainAt }: Returned): Reply {
  const state = stateOf(reading, payment, invoice);
  const [heading, sentence, englishHeading, englishSentence] = texts[state];
  const also = (language: 'vi' | 'en') => (state === 'over' ? ` ${payWords[language].states[invoice.state][1]}` : '');
  const link = (name: 'again' | 'toShop', address: string) =>
    `<p><a${name === 'again' ? ' class="button"' : ''} href="${escapeHtml(address)}">${labels[name]}</a></p>`;

  return htmlPage({
    language: 'vi',
    title: heading,
    tone: tones[state] ?? 'plain',
    state,
    content: [
      `<p class="seller">${escapeHtml(invoice.sellerName)}</p>`,
      `<p>${sentence}${also('vi')}</p>`,
      `<p class="amount">${formatMoneyFor(payment.amount, payment.currency, 'vi-VN')}</p>`,
      `<p class="note" lang="en"><strong>${englishHeading}.</strong> ${englishSentence}${also('en')}</p>`,
      state === 'failed' ? link('again', payAgainAt) : '',
      invoice.settings.shopUrl === null ? '' : link('toShop', invoice.settings.shopUrl),
      `<p class="note">${escapeHtml([...numberOf(invoice), reading.reference].join(' · '))}</p>`,
    ].join('\n'),
    ...(state === 'waiting' ? { refreshSeconds: 2 } : {}),
  });
}

const labels = { again: 'Thanh toán lại / Pay again', toShop: 'Về cửa hàng / Back to the shop' } as const;

/** For an address that the provider has not signed: whatever it says may be wrong, so this page says nothing of it. */
export function unsignedReturnPage(): Reply {
  return htmlPage({
    language: 'vi',
    title: 'Không đọc được kết quả thanh toán',
    tone: 'bad',
    content: `<p>Địa chỉ của trang này không đầy đủ hoặc đã bị thay đổi. Vui lòng xem đơn hàng tại cửa hàng: ở đó ghi khoản thanh toán đã đến hay chưa.</p>
<p class="note" lang="en"><strong>The result cannot be read.</strong> The address of this page is incomplete or was changed. Please look at your order in the shop: it says whether your payment has arrived.</p>`,
    status: 400,
  });
}

/** For a return that is signed, of a payment that is not in our books. */
export function unknownReturnPage(reference: string): Reply {
  return htmlPage({
    language: 'vi',
    title: 'Không tìm thấy khoản thanh toán',
    tone: 'bad',
    content: `<p>Chúng tôi không có khoản thanh toán này. Nếu bạn đã bị trừ tiền, vui lòng gửi mã giao dịch cho cửa hàng.</p>
<p class="note" lang="en"><strong>This payment is not known here.</strong> If you were charged, please send the reference to the shop.</p>
<p class="note">${escapeHtml(reference)}</p>`,
    status: 404,
  });
}

/** Our books come first: what the browser brings back may be older than what the provider's server told us. */
function stateOf(reading: Authentic, payment: PaymentRecord, invoice: PayableInvoice): State {
  switch (payment.status) {
    case 'success':
    case 'partially_refunded':
      return 'paid';
    case 'refund_due':
    case 'refunded':
      return 'returned';
  }

  if (reading.outcome === 'success') {
    return 'waiting';
  }
  if (reading.needsReview) {
    return 'in_doubt';
  }

  return invoice.state === 'payable' ? 'failed' : 'over';
}

function numberOf({ orderNumber, number }: PayableInvoice): string[] {
  if (orderNumber !== null) {
    return [`Đơn hàng / Order ${orderNumber}`];
  }

  return number === null ? [] : [`Hóa đơn / Invoice ${number}`];
}

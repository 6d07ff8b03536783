import { formatMoneyFor } from '../../domain/money/localized-money';
import type { ReturnReading } from '../../domain/payments/payment-gateway';
import type { PaymentRecord } from '../../domain/payments/read-payment';

type Authentic = Extract<ReturnReading, { isAuthentic: true }>;
type State = 'paid' | 'waiting' | 'failed' | 'in_doubt' | 'returned' | 'over';

/** Heading and sentence in Vietnamese, then in English. */
const texts: Readonly<Record<State, readonly [string, string, string, string]>> = {
  paid: ['Thanh toán thành công', 'Đơn hàng của bạn đã được xác nhận.', 'Payment received', 'Your order is confirmed.'],
  waiting: [
    'Đang ghi nhận thanh toán',
    'Chúng tôi đang chờ ngân hàng xác nhận. Trang này tự cập nhật.',
    'Recording your payment',
    'We are waiting for the bank. This page refreshes itself.',
  ],
  failed: [
    'Thanh toán không thành công',
    'Bạn chưa bị trừ tiền. Đơn hàng vẫn được giữ, bạn có thể thanh toán lại.',
    'Payment failed',
    'Nothing was charged. The order is kept; you can pay again.',
  ],
  in_doubt: [
    'Thanh toán chưa rõ kết quả',
    'Ngân hàng đang kiểm tra giao dịch. Nếu bạn đã bị trừ tiền, chúng tôi sẽ ghi nhận hoặc hoàn tiền.',
    'Payment not settled',
    'The bank is checking it. If you were charged, the money will be credited to your order or refunded.',
  ],
  returned: [
    'Hoàn tiền',
    'Khoản thanh toán này không còn cần thiết và được hoàn lại cho bạn.',
    'Money on its way back',
    'This payment was no longer needed and is given back to you.',
  ],
  over: [
    'Thanh toán không thành công',
    'Bạn chưa bị trừ tiền. Đơn hàng đã bị hủy.',
    'Payment failed',
    'Nothing was charged. The order is cancelled.',
  ],
};

const colours: Readonly<Record<State, string>> = {
  paid: '#157347',
  waiting: '#8a6100',
  failed: '#b02a37',
  in_doubt: '#8a6100',
  returned: '#0b5394',
  over: '#b02a37',
};

/** What a customer reads after paying: what the provider said, and whether our books have it yet. Vietnamese, then English. */
export function renderReturnPage(reading: Authentic, payment: PaymentRecord | null): string {
  const state = stateOf(reading, payment);
  const [heading, sentence, englishHeading, englishSentence] = texts[state];
  const refresh = state === 'waiting' ? '<meta http-equiv="refresh" content="2">' : '';
  const order = payment?.orderId == null ? '' : `Đơn hàng / Order ${payment.orderId} · `;

  return `<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${heading}</title>${refresh}
<style>body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f4f5f7;color:#1d2129}main{max-width:28rem;margin:12vh auto;background:#fff;border-radius:12px;padding:2rem;box-shadow:0 1px 4px #0002}
h1{font-size:1.4rem;color:${colours[state]};margin:0 0 .5rem}p{margin:.3rem 0}.en{color:#666}.amount{font-size:1.8rem;font-weight:600;margin:1rem 0}small{color:#666}</style></head>
<body><main data-state="${state}"><h1>${heading}</h1><p>${sentence}</p><p class="amount">${amountOf(payment)}</p><p class="en" lang="en"><strong>${englishHeading}.</strong> ${englishSentence}</p>
<p><small>${order}${escapeHtml(reading.reference)}</small></p></main></body></html>`;
}

/** Our books come first: what the browser brings back may be older than what the provider's server told us. */
function stateOf(reading: Authentic, payment: PaymentRecord | null): State {
  switch (payment?.status) {
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

  return reading.needsReview ? 'in_doubt' : payment?.status === 'cancelled' ? 'over' : 'failed';
}

function amountOf(payment: PaymentRecord | null): string {
  return payment === null ? '' : formatMoneyFor(payment.amount, payment.currency, 'vi-VN');
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

import type { ReturnReading } from '../../domain/payments/payment-gateway';
import type { PaymentRecord } from '../../domain/payments/read-payment';

type Authentic = Extract<ReturnReading, { isAuthentic: true }>;

/** What a customer reads after paying: what the provider said, and whether our books have it yet. Vietnamese, then English. */
export function renderReturnPage(reading: Authentic, payment: PaymentRecord | null): string {
  const isTaken =
    payment?.status === 'success' || payment?.status === 'refunded' || payment?.status === 'partially_refunded';
  const state = reading.outcome === 'failed' ? 'failed' : isTaken ? 'paid' : 'waiting';
  const texts = {
    paid: [
      'Thanh toán thành công',
      'Đơn hàng của bạn đã được xác nhận.',
      'Payment received',
      'Your order is confirmed.',
    ],
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
  }[state];
  const amount =
    payment === null
      ? ''
      : new Intl.NumberFormat('vi-VN', { style: 'currency', currency: payment.currency }).format(payment.amount);
  const colour = { paid: '#157347', waiting: '#8a6100', failed: '#b02a37' }[state];
  const reference = escapeHtml(reading.reference);

  return `<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${texts[0]}</title>${state === 'waiting' ? '<meta http-equiv="refresh" content="2">' : ''}
<style>body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f4f5f7;color:#1d2129}main{max-width:28rem;margin:12vh auto;background:#fff;border-radius:12px;padding:2rem;box-shadow:0 1px 4px #0002}
h1{font-size:1.4rem;color:${colour};margin:0 0 .5rem}p{margin:.3rem 0}.en{color:#666}.amount{font-size:1.8rem;font-weight:600;margin:1rem 0}small{color:#666}</style></head>
<body><main><h1>${texts[0]}</h1><p>${texts[1]}</p><p class="amount">${amount}</p><p class="en" lang="en"><strong>${texts[2]}.</strong> ${texts[3]}</p>
<p><small>${payment?.orderId == null ? '' : `Đơn hàng / Order ${payment.orderId} · `}${reference}</small></p></main></body></html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

import type { PaymentRecord } from '../../domain/payments/read-payment';
import { renderReturnPage } from './return-page';

const payment = (status: string): PaymentRecord => ({
  id: 88,
  subscriptionId: null,
  savedToken: null,
  orderId: 1_042,
  customerId: 17,
  invoiceId: 5,
  attempt: 1,
  method: 'vnpay',
  status,
  amount: 55_000,
  currency: 'VND',
  reference: 'p88',
  transactionId: null,
  createdAt: '2026-05-04T03:00:00.000Z',
});
const success = {
  isAuthentic: true,
  reference: 'p88',
  outcome: 'success',
  needsReview: false,
  failureReason: null,
} as const;
const failure = { ...success, outcome: 'failed', failureReason: 'vnpay_24' } as const;
const inDoubt = { ...failure, needsReview: true } as const;

describe('the page after paying', () => {
  it.each([
    [success, 'success', 'Thanh toán thành công', 'Payment received'],
    [success, 'initiated', 'Đang ghi nhận thanh toán', 'Recording your payment'],
    [failure, 'failed', 'Thanh toán không thành công', 'Nothing was charged. The order is kept'],
    [failure, 'initiated', 'Thanh toán không thành công', 'Nothing was charged. The order is kept'],
    [failure, 'cancelled', 'Đơn hàng đã bị hủy', 'The order is cancelled'],
    [inDoubt, 'failed', 'Thanh toán chưa rõ kết quả', 'The bank is checking it'],
    // What our books have wins over what the browser brings back.
    [failure, 'success', 'Thanh toán thành công', 'Your order is confirmed'],
    [success, 'partially_refunded', 'Thanh toán thành công', 'Payment received'],
    [success, 'refund_due', 'được hoàn lại', 'is given back to you'],
    [success, 'refunded', 'được hoàn lại', 'is given back to you'],
    [success, 'cancelled', 'Đang ghi nhận thanh toán', 'Recording your payment'],
  ] as const)('says of %j and a payment that is %s: %s', (reading, status, vietnamese, english) => {
    const page = renderReturnPage(reading, payment(status));

    expect(page).toContain(vietnamese);
    expect(page).toContain(english);
    expect(page).toContain('<html lang="vi">');
    expect(page).toContain('class="en" lang="en"');
    expect(page.replaceAll('\u00a0', ' ')).toContain('55.000 ₫');
    expect(page).toContain('Đơn hàng / Order 1042');
  });

  it.each([
    [1_999, 'USD', '19,99 US$'],
    [123_450, 'HUF', '1.234,50 HUF'],
    [1_234_567, 'KWD', '1.234,567 KWD'],
  ])('writes %d minor units of %s as %s', (amount, currency, written) => {
    expect(renderReturnPage(success, { ...payment('success'), amount, currency })).toContain(written);
  });

  it('never promises that nothing was charged while money may have moved', () => {
    for (const status of ['initiated', 'failed', 'superseded', 'cancelled']) {
      expect(renderReturnPage(inDoubt, payment(status))).not.toContain('Nothing was charged');
    }
  });

  it('refreshes itself while it waits, and then no more', () => {
    expect(renderReturnPage(success, payment('initiated'))).toContain('http-equiv="refresh"');
    expect(renderReturnPage(success, payment('success'))).not.toContain('http-equiv="refresh"');
    expect(renderReturnPage(failure, payment('failed'))).not.toContain('http-equiv="refresh"');
  });

  it('shows a reference as text, not as markup', () => {
    const page = renderReturnPage({ ...success, reference: `<img src=x onerror="a('&')">` }, null);

    expect(page).not.toContain('<img');
    expect(page).toContain('&#60;img src=x onerror=&#34;a(&#39;&#38;&#39;)&#34;&#62;');
  });

  it('shows no amount and no order for a payment that is not known', () => {
    const page = renderReturnPage(success, null);

    expect(page).not.toContain('₫');
    expect(page).not.toContain('Order ');
  });
});

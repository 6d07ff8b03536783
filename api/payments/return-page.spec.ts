import type { PayableInvoice, PayState } from '../../domain/billing/invoices/read-payable-invoice';
import { resolveSettings } from '../../domain/companies/setting-catalogue';
import type { PaymentRecord } from '../../domain/payments/read-payment';
import { renderReturnPage, unknownReturnPage, unsignedReturnPage } from './return-page';

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
const invoice = (state: PayState, fields: Partial<PayableInvoice> = {}): PayableInvoice => ({
  state,
  number: null,
  dueAmount: 55_000,
  currency: 'VND',
  payBy: null,
  dueDate: null,
  orderId: 1_042,
  orderNumber: 'ORD-000129',
  subscriptionId: null,
  lines: [],
  locale: 'vi-VN',
  timeZone: 'Asia/Ho_Chi_Minh',
  isTest: false,
  sellerName: 'Tiệm <An>',
  settings: resolveSettings({ shopUrl: 'https://shop.example/?a=1&b=2' }),
  ...fields,
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
const payAgainAt = 'https://pay.example/pay/1.5.proof';

type Reading = typeof success | typeof failure | typeof inDoubt;

const htmlOf = (reading: Reading, status: string, of: PayableInvoice = invoice('payable')): string => {
  const page = renderReturnPage(reading, { payment: payment(status), invoice: of, payAgainAt });
  expect(page.status).toBe(200);

  return String(page.body);
};

describe('the page after paying', () => {
  it.each([
    [success, 'success', 'paid', 'Thanh toán thành công', 'Payment received'],
    [success, 'initiated', 'payable', 'Đang ghi nhận thanh toán', 'Recording your payment'],
    [failure, 'failed', 'payable', 'Thanh toán không thành công', 'Nothing was charged. You can pay again'],
    [failure, 'initiated', 'payable', 'Thanh toán không thành công', 'Nothing was charged. You can pay again'],
    [failure, 'cancelled', 'void', 'đã được hủy', 'Nothing was charged. This was cancelled'],
    [failure, 'superseded', 'paid', 'đã được thanh toán', 'Nothing was charged. This has been paid'],
    [failure, 'failed', 'too_late', 'không còn chờ thanh toán', 'Nothing was charged. The order no longer waits'],
    [inDoubt, 'failed', 'payable', 'Thanh toán chưa rõ kết quả', 'The bank is checking it'],
    // What our books have wins over what the browser brings back.
    [failure, 'success', 'paid', 'Thanh toán thành công', 'We have your money'],
    [success, 'partially_refunded', 'paid', 'Thanh toán thành công', 'Payment received'],
    [success, 'refund_due', 'void', 'được hoàn lại', 'is given back to you'],
    [success, 'refunded', 'paid', 'được hoàn lại', 'is given back to you'],
    [success, 'cancelled', 'void', 'Đang ghi nhận thanh toán', 'Recording your payment'],
  ] as const)('says of %j, a payment that is %s and an invoice that is %s: %s', (reading, status, state, vi, en) => {
    const page = htmlOf(reading, status, invoice(state));

    expect(page).toContain(vi);
    expect(page).toContain(en);
    expect(page).toContain('<html lang="vi">');
    expect(page.replaceAll('\u00a0', ' ')).toContain('55.000 ₫');
    expect(page).toContain('Đơn hàng / Order ORD-000129');
  });

  it('leads to another payment where one is possible and the money has surely not moved, and nowhere else', () => {
    const again = `href="${payAgainAt}"`;

    expect(htmlOf(failure, 'failed')).toContain(again);
    for (const page of [
      htmlOf(success, 'success', invoice('paid')),
      htmlOf(success, 'initiated'),
      htmlOf(inDoubt, 'failed'),
      htmlOf(failure, 'cancelled', invoice('void')),
      htmlOf(failure, 'failed', invoice('under_way')),
    ]) {
      expect(page).not.toContain(again);
    }
  });

  it('leads back to the shop, where the company has said where that is', () => {
    for (const reading of [success, failure, inDoubt]) {
      expect(htmlOf(reading, 'initiated')).toContain('href="https://shop.example/?a=1&#38;b=2"');
      expect(htmlOf(reading, 'initiated', invoice('payable', { settings: resolveSettings({}) }))).not.toContain('shop');
    }
  });

  it('names the invoice of a subscription, and speaks of no order', () => {
    const of = invoice('payable', { orderId: null, orderNumber: null, number: 'INV-000042', subscriptionId: 7 });

    for (const page of [htmlOf(success, 'success', of), htmlOf(failure, 'failed', of)]) {
      expect(page).toContain('Hóa đơn / Invoice INV-000042');
      expect(page.replace(/<style>[^<]*/, '').toLowerCase()).not.toMatch(/order|đơn hàng/);
    }
  });

  it.each([
    [1_999, 'USD', '19,99 US$'],
    [123_450, 'HUF', '1.234,50 HUF'],
    [1_234_567, 'KWD', '1.234,567 KWD'],
  ])('writes %d minor units of %s as %s', (amount, currency, written) => {
    const paid = { payment: { ...payment('success'), amount, currency }, invoice: invoice('paid'), payAgainAt };

    expect(String(renderReturnPage(success, paid).body).replaceAll('\u00a0', ' ')).toContain(written);
  });

  it('never promises that nothing was charged while money may have moved', () => {
    for (const status of ['initiated', 'failed', 'superseded', 'cancelled']) {
      expect(htmlOf(inDoubt, status)).not.toContain('Nothing was charged');
    }
  });

  it('refreshes itself while it waits, and then no more', () => {
    expect(htmlOf(success, 'initiated')).toContain('http-equiv="refresh"');
    expect(htmlOf(success, 'success')).not.toContain('http-equiv="refresh"');
    expect(htmlOf(failure, 'failed')).not.toContain('http-equiv="refresh"');
  });

  it('shows what others have written as text, not as markup', () => {
    const reference = `<img src=x onerror="a('&')">`;
    const pages = [htmlOf({ ...failure, reference } as never, 'failed'), String(unknownReturnPage(reference).body)];

    for (const page of pages) {
      expect(page).not.toContain('<img');
      expect(page).toContain('&#60;img src=x onerror=&#34;a(&#39;&#38;&#39;)&#34;&#62;');
    }
    expect(pages[0]).toContain('Tiệm &#60;An&#62;');
  });

  it('is a page also where the payment is not known or the address is not signed', () => {
    expect([unknownReturnPage('p1').status, unsignedReturnPage().status]).toEqual([404, 400]);
    expect(String(unknownReturnPage('p1').body)).toContain('p1');
    expect(unsignedReturnPage().headers).toMatchObject({ 'Content-Type': 'text/html; charset=utf-8' });
  });
});

import fc from 'fast-check';
import Handlebars from 'handlebars';

import { noticeFields } from './notice-content-rules';
import { noticeKinds, type NoticeKind, type NoticeLanguage } from './notice-types';
import { noticeWords, renderNotice } from './render-notice';

const data = {
  planName: 'Pro',
  quantity: 1,
  amount: 299_000,
  charge: { total: 328_900, tax: 29_900 },
  billingCycle: 'monthly',
  currency: 'VND',
  trialEnd: '2025-11-08T17:00:00.000Z',
  currentPeriodEnd: '2025-11-25T17:00:00.000Z',
  nextPeriodEnd: '2025-12-25T17:00:00.000Z',
  nextAttemptAt: '2025-11-27T17:00:00.000Z',
  effectiveAt: '2025-11-25T17:00:00.000Z',
  payBy: '2025-11-09T08:30:00.000Z',
  invoice: {
    id: 5,
    number: 'INV-000005',
    total: 328_900,
    due: 328_900,
    dueDate: '2025-12-03T00:00:00+07:00',
  },
  invoices: [{ invoiceId: 5, number: 'INV-000005', due: 328_900, dueDate: '2025-12-03T00:00:00+07:00' }],
  order: {
    number: 'ORD-000129',
    subtotal: 300_000,
    discount: 10_000,
    tax: 30_000,
    total: 320_000,
    shippingAddress: '12 Tràng Tiền\nHà Nội',
    lines: [
      { name: 'Áo dài', quantity: 2, subtotal: 200_000 },
      { name: 'Nón lá', quantity: 1, subtotal: 100_000 },
    ],
  },
  carrier: 'GHN',
  trackingNumber: 'GHN123',
  refundAmount: 50_000,
  creditNote: { number: 'CN-000007', amount: 55_000, toBalance: 20_000 },
};
const account = { email: 'lan@shop.test', link: 'https://api.test/account/confirm/1.2.x' };
const reader = {
  customerName: 'Lan',
  companyName: 'Cửa hàng',
  timeZone: 'Asia/Ho_Chi_Minh',
  payLink: (invoiceId: number) => `https://pay.test/?a=${invoiceId}&b="2"`,
};
const isOfAccount = (kind: NoticeKind) =>
  ['welcome', 'email_confirmation', 'password_reset', 'password_changed'].includes(kind);
const locales = ['vi-VN', 'en-GB'] as const;
const cases = noticeKinds.flatMap((kind) => locales.map((locale) => [kind, locale] as const));
const render = (kind: NoticeKind, locale: string, more: object = {}, who: object = {}) =>
  renderNotice(
    { kind, data: { ...data, ...more } },
    { ...reader, locale, ...(isOfAccount(kind) ? { account } : {}), ...who },
  );

/** What templates ask for, by their own syntax trees. */
function placeholdersOf(template: string): string[] {
  const names = new Set<string>();

  class Collector extends Handlebars.Visitor {
    override PathExpression(path: hbs.AST.PathExpression): void {
      names.add(path.original);
    }
  }
  new Collector().accept(Handlebars.parse(template));

  return [...names].filter((name) => !['if', 'else'].includes(name));
}

it.each(cases)('%s in %s says what it is about, in text and HTML alike', (kind, locale) => {
  const { subject, text, html, language } = render(kind, locale);

  expect(language).toBe(locale.slice(0, 2));
  expect(subject).toMatch(/Pro|ORD-000129|328|50|CN-000007|Cửa hàng|password|mật khẩu|email/i);
  expect(text).toMatch(isOfAccount(kind) ? /lan@shop\.test|Cửa hàng/ : /Pro|ORD-000129|INV-000005/);
  expect(text).toContain('Lan');
  expect(text).toContain('Cửa hàng');
  expect(text + subject).not.toMatch(/\{\{|undefined|null|NaN|Invalid/);
  const shown = html.replace(/<title>.*<\/title>|<[^>]+>/g, '\n');
  const words = text.replace(/^(.*): https:\S+$/gm, '$1').split(/\n+|-- /);

  expect(words.filter((line) => line !== '' && !shown.includes(Handlebars.escapeExpression(line)))).toEqual([]);
});

it.each(Object.entries(noticeWords))('%s has templates for every kind with known placeholders only', (_, words) => {
  const known = Object.keys(noticeFields(data, { ...reader, locale: 'vi-VN' }).fields);
  const templates = [words.greeting, words.closing, words.footer, words.accountFooter].concat(
    Object.values(words.kinds).flatMap(({ subject, paragraphs }) => [subject, ...paragraphs]),
  );

  expect(Object.keys(words.kinds).sort()).toEqual([...noticeKinds].sort());
  expect(templates.flatMap(placeholdersOf).filter((name) => !known.includes(name))).toEqual([]);
});

it('has the same kinds speak of the same fields in every language', () => {
  const spoken = (language: NoticeLanguage, kind: NoticeKind) => {
    const { subject, paragraphs } = noticeWords[language].kinds[kind];

    return placeholdersOf([subject, ...paragraphs].join('\n')).sort();
  };

  expect(noticeKinds.map((kind) => spoken('en', kind))).toEqual(noticeKinds.map((kind) => spoken('vi', kind)));
});

it('writes amounts, days and the way to pay for its reader', () => {
  const vietnamese = render('payment_failed', 'vi-VN');
  const american = render('payment_failed', 'en-US', {}, { timeZone: 'America/New_York' });

  expect(vietnamese.subject).toBe('Thanh toán cho Pro không thành công');
  expect(vietnamese.text).toContain('Chúng tôi không thu được 328.900 ₫ cho hóa đơn INV-000005 (Pro).');
  expect(vietnamese.text).toContain('thử lại vào ngày 28/11/2025');
  expect(american.text).toContain('We could not charge ₫328,900 for invoice INV-000005 (Pro).');
  expect(american.text).toContain('We will try again on November 27, 2025.');
  expect(american.text).toContain('Pay now: https://pay.test/?a=5&b="2"');
  expect(american.html).toContain('href="https://pay.test/?a&#x3D;5&amp;b&#x3D;&quot;2&quot;"');
});

it.each([
  ['en-GB', 0, 'paid by what you use.'],
  ['en-GB', 299_000, 'per month (tax included), and what you use.'],
  ['vi-VN', 0, 'tính theo mức sử dụng.'],
])('in %s a plan of %d whose usage is billed is not told to be all that it costs', (locale, amount, told) => {
  const charge = amount === 0 ? { total: 0, tax: 0 } : data.charge;

  expect(render('plan_changed', locale, { amount, charge, isMetered: true }).text).toContain(told);
  expect(render('plan_changed', locale, { amount, charge }).text).not.toContain(told);
});

it('names the time of an end within a day, by which money is due or charged', () => {
  const at = '2025-11-08T18:30:00.000Z';
  const invoice = { ...data.invoice, dueDate: at };
  const text = (kind: NoticeKind, locale: string, more: object) => render(kind, locale, more).text;

  expect(text('trial_started', 'en-GB', { trialEnd: at })).toContain('free of charge until 1:30 on 9 November 2025.');
  expect(text('trial_ending', 'vi-VN', { trialEnd: at })).toContain('kéo dài đến 01:30 ngày 09/11/2025.');
  expect(text('invoice_issued', 'en-GB', { invoice, payBy: null })).toContain('by 1:30 on 9 November 2025.');
  expect(text('invoice_overdue', 'vi-VN', { invoice })).toContain('có hạn thanh toán trước 01:30 ngày 09/11/2025');
  expect(text('subscription_cancelled', 'en-GB', { effectiveAt: at })).toContain(
    'You can use it until 1:30 on 9 November 2025, and change your mind until then.',
  );
  // What ends with a day is good through it.
  expect(text('trial_started', 'en-GB', {})).toContain('free of charge through 8 November 2025.');
  expect(text('invoice_issued', 'en-GB', { payBy: null })).toContain('by the end of 2 December 2025.');
});

it('lists what a request asks for, with one address as a button and several beside their invoices', () => {
  const { invoice } = data;
  const of = (invoiceId: number, due: number) => ({ ...invoice, invoiceId, number: `INV-${invoiceId}`, due });
  const payLink = (invoiceId: number) => `https://pay.test/${invoiceId}`;
  const request = { planName: null, amount: 328_900, charge: null, invoice: null };
  const one = render('payment_request', 'vi-VN', { ...request, invoices: [of(1, 328_900)] }, { payLink });
  const two = render(
    'payment_request',
    'en-GB',
    { ...request, invoices: [of(1, 300_000), of(2, 28_900)] },
    { payLink },
  );

  expect(one.subject).toBe('Tài khoản của bạn có 328.900 ₫ đã quá hạn thanh toán');
  expect(one.text).toContain('INV-1 · 328.900 ₫ · 02/12/2025\n\nThanh toán ngay: https://pay.test/1');
  expect(two.subject).toBe('Your account has ₫328,900 overdue');
  expect(two.text).toContain(
    'INV-1 · ₫300,000 · 2 December 2025\nhttps://pay.test/1\nINV-2 · ₫28,900 · 2 December 2025\nhttps://pay.test/2\n\nKind regards',
  );
});

it('leaves out what there is not: no next try, nothing due, nobody to pay to', () => {
  const last = render('payment_failed', 'en-GB', { nextAttemptAt: null, invoice: null, invoices: [] });
  const settled = render('renewal_upcoming', 'en-GB', { invoice: { ...data.invoice, due: 0 }, invoices: [] });

  expect(last.text).toContain(
    'We could not charge your saved payment method (Pro).\n\nPlease choose another payment method.',
  );
  expect([last, settled].map(({ text }) => text.includes('Pay now'))).toEqual([false, false]);
  expect(settled.text).not.toContain('INV-000005');
});

it('tells what is charged: with its tax, how often, for how many, or that it costs nothing', () => {
  const three = { quantity: 3, amount: 897_000, charge: { total: 986_700, tax: 89_700 } };

  expect(render('trial_ending', 'vi-VN', three).text).toContain(
    'dùng thử Pro (số lượng: 3) của bạn kéo dài đến hết ngày 08/11/2025. Sau đó gói được tiếp tục với giá: 986.700 ₫ mỗi tháng (đã gồm thuế).',
  );
  expect(render('trial_ending', 'en-GB', three).text).toContain(
    'Your trial of Pro (quantity: 3) runs through 8 November 2025. After that your subscription continues: ₫986,700 per month (tax included).',
  );
  const fee = { ...three, setupCharge: { total: 22_000, tax: 2_000 } };
  expect(render('trial_ended', 'en-GB', fee).text).toContain(
    '₫986,700 per month (tax included), and a setup fee of ₫22,000 once.',
  );
  expect(render('trial_started', 'vi-VN', fee).text).toContain(', cộng với phí thiết lập một lần 22.000 ₫.');
  expect(
    render('plan_changed', 'en-GB', { charge: { total: 500_000, tax: 0 }, billingCycle: 'biennial' }).text,
  ).toContain('to Pro: ₫500,000 every 2 years.');
  expect(render('plan_changed', 'vi-VN', { amount: 0, charge: { total: 0, tax: 0 } }).text).toContain(
    'Bạn hiện đang dùng gói Pro: miễn phí.',
  );
});

it('tells an exclusive end as the last day that is paid for', () => {
  expect(render('renewal_upcoming', 'vi-VN').text).toContain(
    'Gói Pro của bạn sẽ được gia hạn vào ngày 26/11/2025, kỳ mới kéo dài đến hết ngày 25/12/2025.',
  );
  expect(render('renewal_upcoming', 'en-GB').text).toContain(
    'renews on 26 November 2025 and then continues through 25 December 2025.',
  );
  expect(render('renewal_upcoming', 'en-GB').text).toContain(
    'We have issued invoice INV-000005 for ₫328,900. Please pay it by the end of 2 December 2025.',
  );
  expect(render('subscription_cancelled', 'vi-VN').subject).toBe('Gói Pro của bạn sẽ kết thúc vào ngày 25/11/2025');
  expect(render('subscription_cancelled', 'vi-VN', { effectiveAt: null }).subject).toBe('Gói Pro của bạn đã được hủy');
  expect(render('change_scheduled', 'en-GB').text).toContain(
    'You keep your current plan through 25 November 2025. After that',
  );
  // Within a day it is good for a part of that day.
  expect(render('subscription_renewed', 'en-GB', { currentPeriodEnd: '2025-11-25T08:00:00Z' }).text).toContain(
    'continues through 25 November 2025',
  );
});

it('asks nobody to pay whose saved method is charged', () => {
  const { text } = render('renewal_upcoming', 'en-GB', { isCharged: true, invoices: [] });

  expect(text).toContain('Your saved payment method will be charged on 26 November 2025.');
  expect(text).not.toContain('Pay now');
});

it('writes an order out, with its lines, totals, way and address', () => {
  const { text } = render('order_confirmed', 'vi-VN', { invoice: null, invoices: [] });

  expect(text).toContain(
    'Áo dài × 2 · 200.000 ₫\nNón lá × 1 · 100.000 ₫\n\nTạm tính: 300.000 ₫\nGiảm giá: -10.000 ₫\nThuế: 30.000 ₫\nTổng cộng: 320.000 ₫\n\nGiao đến: 12 Tràng Tiền Hà Nội',
  );
  expect(render('order_shipped', 'en-GB').text).toContain(
    'Order ORD-000129 was handed to GHN.\nTracking number: GHN123',
  );
  expect(render('order_shipped', 'en-GB', { carrier: null, trackingNumber: null }).text).toContain(
    'was handed to the carrier.\n',
  );
  expect(render('order_cancelled', 'en-GB', { isExpired: true, refundAmount: 0 }).text).toContain(
    'is cancelled because it was not paid in time.\n\nYou do not have to pay for it.',
  );
  expect(render('order_payment_failed', 'en-GB', { invoices: [] }).text).toMatch(
    /We are holding it for you until 15:30 on 9 November 2025; you can pay again\.\n\nPay now: /,
  );
});

it('leads to the page of an account, and tells the people of a company why they get it', () => {
  const { text, html } = render('password_reset', 'en-GB', {}, { account });

  expect(text).toContain(`Choose a new password: ${account.link}`);
  expect(html).toContain('>Choose a new password</a>');
  expect(text).toContain('because you have an account with Cửa hàng.');
  expect(
    render('welcome', 'vi-VN', { invoice: null, invoices: [] }, { account: { ...account, link: null } }).text,
  ).not.toContain('xác nhận');
});

it('never lets a name become markup, a header or a placeholder', () => {
  const anything = fc
    .oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '<script>alert(1)</script>',
        '{{planName}}',
        'a\r\nBcc: b@c.test',
        '"><img src=x>',
        "' onload='x",
      ),
    )
    .map((name) => `A${name}Z`);
  const tagsOf = (html: string) => html.match(/<[^>]*>/g);
  const usual = (locale: string) => tagsOf(render('payment_failed', locale).html);

  fc.assert(
    fc.property(
      anything,
      anything,
      anything,
      fc.constantFrom(...locales),
      (planName, customerName, companyName, locale) => {
        const { subject, html } = render('payment_failed', locale, { planName }, { customerName, companyName });

        return !/[\r\n]/.test(subject) && JSON.stringify(tagsOf(html)) === JSON.stringify(usual(locale));
      },
    ),
  );
  expect(render('plan_changed', 'en-GB', { planName: '{{customerName}}' }).subject).toBe(
    'Your plan is now {{customerName}}',
  );
});

it('refuses data that do not say what its subject names', () => {
  expect(() => render('trial_ending', 'vi-VN', { planName: null })).toThrow('planName');
  expect(() => render('order_shipped', 'en-GB', { order: null })).toThrow('orderNumber');
});

it('refuses data that name an amount in no currency', () => {
  expect(() => renderNotice({ kind: 'trial_ending', data: { amount: 5 } }, { ...reader, locale: 'vi-VN' })).toThrow(
    'currency',
  );
});

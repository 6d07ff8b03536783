import fc from 'fast-check';
import Handlebars from 'handlebars';

import { noticeFields } from './notice-content-rules';
import { noticeKinds, type NoticeKind, type NoticeLanguage } from './notice-types';
import { noticeWords, renderNotice } from './render-notice';

const data = {
  planName: 'Pro',
  quantity: 1,
  amount: 299_000,
  currency: 'VND',
  trialEnd: '2025-11-08T17:00:00.000Z',
  currentPeriodEnd: '2025-11-25T17:00:00.000Z',
  nextPeriodEnd: '2025-12-25T17:00:00.000Z',
  nextAttemptAt: '2025-11-27T17:00:00.000Z',
  invoice: {
    id: 5,
    number: 'INV-000005',
    total: 328_900,
    due: 328_900,
    dueDate: '2025-12-03T00:00:00+07:00',
  },
};
const reader = {
  customerName: 'Lan',
  companyName: 'Cửa hàng',
  timeZone: 'Asia/Ho_Chi_Minh',
  payLink: (invoiceId: number) => `https://pay.test/?a=${invoiceId}&b="2"`,
};
const locales = ['vi-VN', 'en-GB'] as const;
const cases = noticeKinds.flatMap((kind) => locales.map((locale) => [kind, locale] as const));
const render = (kind: NoticeKind, locale: string, more: object = {}, who: object = {}) =>
  renderNotice({ kind, data: { ...data, ...more } }, { ...reader, locale, ...who });

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
  expect(subject).toMatch(kind === 'payment_request' ? /299/ : /Pro/);
  expect(text).toContain('Lan');
  expect(text).toContain('Cửa hàng');
  expect(text + subject).not.toMatch(/\{\{|undefined|null|NaN|Invalid/);
  const shown = html.replace(/<title>.*<\/title>|<[^>]+>/g, '\n');
  const words = text.replace(/^(Pay now|Thanh toán ngay): .*$/m, '$1').split(/\n+|-- /);

  expect(words.filter((line) => line !== '' && !shown.includes(Handlebars.escapeExpression(line)))).toEqual([]);
});

it.each(Object.entries(noticeWords))('%s has templates for every kind with known placeholders only', (_, words) => {
  const known = Object.keys(noticeFields(data, { ...reader, locale: 'vi-VN' }).fields);
  const templates = [words.greeting, words.closing, words.footer].concat(
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
  expect(vietnamese.text).toContain('thử lại ngày 28/11/2025');
  expect(american.text).toContain('We could not charge ₫328,900 for invoice INV-000005 (Pro).');
  expect(american.text).toContain('We try again on November 27, 2025.');
  expect(american.text).toContain('Pay now: https://pay.test/?a=5&b="2"');
  expect(american.html).toContain('href="https://pay.test/?a&#x3D;5&amp;b&#x3D;&quot;2&quot;"');
});

it('lists what a request asks for, with one address as a button and several beside their invoices', () => {
  const { invoice } = data;
  const of = (invoiceId: number, due: number) => ({ ...invoice, invoiceId, number: `INV-${invoiceId}`, due });
  const payLink = (invoiceId: number) => `https://pay.test/${invoiceId}`;
  const request = { planName: null, amount: 328_900, invoice: null };
  const one = render('payment_request', 'vi-VN', { ...request, invoices: [of(1, 328_900)] }, { payLink });
  const two = render(
    'payment_request',
    'en-GB',
    { ...request, invoices: [of(1, 300_000), of(2, 28_900)] },
    { payLink },
  );

  expect(one.subject).toBe('Đề nghị thanh toán 328.900 ₫ đã quá hạn');
  expect(one.text).toContain('INV-1 · 328.900 ₫ · 03/12/2025\n\nThanh toán ngay: https://pay.test/1');
  expect(two.subject).toBe('Please pay ₫328,900 that is overdue');
  expect(two.text).toContain(
    'INV-1 · ₫300,000 · 3 December 2025\nhttps://pay.test/1\nINV-2 · ₫28,900 · 3 December 2025\nhttps://pay.test/2\n\nKind regards',
  );
});

it('leaves out what there is not: no next try, nothing due, nobody to pay to', () => {
  const last = render('payment_failed', 'en-GB', { nextAttemptAt: null, invoice: null });
  const settled = render('renewal_upcoming', 'en-GB', { invoice: { ...data.invoice, due: 0 } });

  expect(last.text).toContain(
    'We could not charge your saved payment method (Pro).\n\nPlease choose another payment method.',
  );
  expect([last, settled].map(({ text }) => text.includes('Pay now'))).toEqual([false, false]);
  expect(settled.text).not.toContain('INV-000005');
});

it('tells seats and plans that cost nothing apart', () => {
  expect(render('trial_ending', 'en-GB', { quantity: 3, amount: 897_000 }).text).toContain(
    'Your trial of Pro (3 seats) ends on 9 November 2025. From then on your subscription goes on: ₫897,000 for each billing period',
  );
  expect(render('plan_changed', 'vi-VN', { amount: 0 }).text).toContain('Bạn hiện đang dùng Pro: miễn phí.');
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

it('refuses data that say nothing of a plan', () => {
  expect(() => renderNotice({ kind: 'trial_ending', data: {} }, { ...reader, locale: 'vi-VN' })).toThrow('planName');
});

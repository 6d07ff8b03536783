import { randomUUID } from 'node:crypto';

import type { CaughtMail } from '../../../sandboxes/mail/mail-store';
import { testSystem } from '../../environment/test-system';
import { problemOf, until } from '../orders/orders-test-shop';
import { daysAfter, firstDay, openSubscriptionShop, type SubscriptionShop } from './subscriptions-test-shop';

let shop: SubscriptionShop;
let planId: number;
const trialEnds = 'Thời gian dùng thử Hoa Sen kết thúc vào ngày 08/11/2025';

beforeAll(async () => {
  shop = await openSubscriptionShop();
  planId = await shop.addPlan({ name: 'Hoa Sen', trialDays: 14 });
});

async function addReader(locale: string, testClockId?: number): Promise<{ customerId: number; email: string }> {
  const email = `${randomUUID()}@shop.test`;
  const { status, body } = await shop.admin.post('/customers', {
    name: 'Lan',
    email,
    billingAccount: { locale },
    ...(testClockId === undefined ? {} : { testClockId }),
  });
  expect(status).toBe(201);

  return { customerId: body.id, email };
}

/** Mails to an address once those with these subjects are among them, newest first. */
const mailsTo = (email: string, ...subjects: string[]) =>
  until(
    async () => {
      const answer = await fetch(`${testSystem().mailUrl}/messages?to=${email}`);

      return ((await answer.json()) as { data: CaughtMail[] }).data;
    },
    (mails) => subjects.every((subject) => mails.some((mail) => mail.subject === subject)),
  );

const trialOn = async (locale: string, paymentToken: string) => {
  const clockId = await shop.addClock();
  const reader = await addReader(locale, clockId);
  const { id } = await shop.subscribe({
    customerId: reader.customerId,
    planId,
    useTrial: true,
    paymentMethod: 'card',
    paymentToken,
  });

  return { ...reader, clockId, id: id as number };
};

describe('a customer on a test clock', () => {
  it('is told of the end of a trial, in the language of the account', async () => {
    const { clockId, email, customerId, id } = await trialOn('vi-VN', 'tok_ok');
    await shop.advance(clockId, daysAfter(firstDay, 12));
    const [mail] = await mailsTo(email, trialEnds);

    expect(mail).toMatchObject({
      to: [email],
      subject: trialEnds,
      text: expect.stringContaining('328.900 ₫ mỗi tháng (đã gồm thuế)'),
    });
    const noted = await until(
      async () => (await shop.admin.get(`/customers/${customerId}/notices`)).body.data,
      (notices) => notices.every(({ status }: { status: string }) => status !== 'pending'),
    );
    expect(noted).toMatchObject([
      {
        subject: `subscription/${id}`,
        kind: 'trial_ending',
        priority: 'important',
        channel: 'email',
        isTest: true,
        status: 'sent',
        attempts: 1,
        createdAt: '2025-11-06T00:00:00+07:00',
      },
      { kind: 'trial_started', createdAt: '2025-10-26T00:00:00+07:00', status: 'sent' },
    ]);
  });

  it('is told of a payment that failed, with what is due of the invoice and when it is tried again', async () => {
    const { clockId, email, id } = await trialOn('en-GB', 'tok_declined');
    await shop.advance(clockId, daysAfter(firstDay, 14));
    const mails = await mailsTo(
      email,
      'Your payment for Hoa Sen failed',
      'Your subscription to Hoa Sen is past due',
      'Your trial of Hoa Sen has started',
      'Your trial of Hoa Sen ends on 8 November 2025',
      'Your trial of Hoa Sen has ended',
    );
    const failed = mails.find(({ subject }) => subject === 'Your payment for Hoa Sen failed');

    expect(mails).toHaveLength(5);
    expect(await shop.read(id)).toMatchObject({ status: 'past_due', nextDeadline: 'dunning_attempt' });
    expect(failed?.text).toMatch(/We could not charge ₫328,900 for invoice TEST-\S+ \(Hoa Sen\)\./);
    expect(failed?.text).toContain('We will try again on 10 November 2025.');
    expect(failed?.html).toContain('We will try again on 10 November 2025.');
  });
});

it('a customer who pays by hand is told of the invoice ahead of the renewal, and when it is overdue', async () => {
  const clockId = await shop.addClock();
  const { customerId, email } = await addReader('en-GB', clockId);
  const paid = await shop.addPlan({ name: 'Monthly', price: 100_000 });
  const { id } = await shop.subscribe({ customerId, planId: paid });
  const [first] = await shop.invoicesOf(id);
  await shop.admin.post(`/invoices/${first.id}/pay`, { paymentMethod: 'card', paymentToken: 'tok_ok' });
  await shop.advance(clockId, daysAfter(firstDay, 40));
  const [received, renews, overdue] = [
    'We have received your payment for Monthly',
    'Monthly renews on 26 November 2025',
    'Your invoice for Monthly is overdue',
  ] as const;
  const mails = await mailsTo(email, received, renews, overdue);
  const textOf = (subject: string) => mails.find((mail) => mail.subject === subject)?.text;

  expect(textOf(received)).toMatch(/invoice TEST-\S+ for ₫110,000 is paid/);
  expect(textOf(renews)).toMatch(
    /through 25 December 2025\.\n\nWe have issued invoice TEST-\S+ for ₫110,000\. Please pay it by the end of 2 December 2025\./,
  );
  expect(textOf(overdue)).toMatch(/for ₫110,000 was due by the end of 2 December 2025/);
});

it('is told what to pay first, what will change and when, that it ends, and that it goes on after all', async () => {
  const clockId = await shop.addClock();
  const { customerId, email } = await addReader('vi-VN', clockId);
  const [small, big] = [await shop.addPlan({ name: 'Nhỏ', price: 100_000 }), await shop.addPlan({ name: 'Lớn' })];
  const { id } = await shop.subscribe({ customerId, planId: small });
  const [first] = await shop.invoicesOf(id);
  const toPay = (await mailsTo(email, `Hóa đơn ${first.invoiceNumber} cho Nhỏ`)).at(-1)?.text;

  expect(toPay).toContain('Cảm ơn bạn đã đăng ký gói Nhỏ: 110.000 ₫ mỗi tháng (đã gồm thuế).');
  expect(toPay).toContain(`Vui lòng thanh toán 110.000 ₫ cho hóa đơn ${first.invoiceNumber} đến hết ngày 01/11/2025.`);
  expect(toPay).toMatch(new RegExp(`Thanh toán ngay: \\S+/pay/${shop.company.id}\\.${first.id}\\.`));

  await shop.admin.post(`/invoices/${first.id}/pay`, { paymentMethod: 'card', paymentToken: 'tok_ok' });
  const change = { newPlanId: big, quantity: 3, immediate: false };
  expect((await shop.admin.post(`/subscriptions/${id}/change-plan`, change)).status).toBe(200);
  await shop.admin.post(`/subscriptions/${id}/cancel`, { cancelAtPeriodEnd: true });
  await shop.admin.post(`/subscriptions/${id}/reactivate`, {});
  const [changes, ends, goesOn] = [
    'Gói của bạn sẽ đổi sang Lớn vào ngày 26/11/2025',
    'Gói Nhỏ của bạn sẽ kết thúc vào ngày 25/11/2025',
    'Gói Nhỏ của bạn được tiếp tục',
  ] as const;
  const mails = await mailsTo(email, changes, ends, goesOn);
  const textOf = (subject: string) => mails.find((mail) => mail.subject === subject)?.text;

  expect(textOf(changes)).toContain(
    'được giữ đến hết ngày 25/11/2025. Sau đó bạn dùng gói Lớn (số lượng: 3): 986.700 ₫ mỗi tháng (đã gồm thuế).',
  );
  expect(textOf(ends)).toContain('Bạn vẫn dùng được đến hết ngày này và có thể đổi ý trước đó.');
  expect(textOf(goesOn)).toContain('lần gia hạn tới vào ngày 26/11/2025');
});

describe('the list of notices', () => {
  it('is for managers of the company, page by page and by status', async () => {
    const { customerId } = await addReader('vi-VN');
    await testSystem().query(
      `INSERT INTO platform.notices (company_id, customer_id, subject, kind, priority, locale, data, status, last_error, created_at)
       SELECT $1, $2, 'subscription/1', 'plan_changed', 'important', 'vi-VN', '{}', CASE WHEN n = 2 THEN 'failed' ELSE 'skipped' END, 'why', now()
         FROM generate_series(1, 3) n`,
      [shop.company.id, customerId],
    );
    const first = (await shop.admin.get(`/customers/${customerId}/notices?limit=2`)).body;
    const rest = (await shop.admin.get(`/customers/${customerId}/notices?limit=2&cursor=${first.nextCursor}`)).body;
    const failed = (await shop.admin.get(`/customers/${customerId}/notices?status=failed`)).body;

    expect([...first.data, ...rest.data].map(({ status }) => status)).toEqual(['skipped', 'failed', 'skipped']);
    expect(rest.nextCursor).toBeNull();
    expect(failed.data).toMatchObject([{ status: 'failed', lastError: 'why', sentAt: null }]);
  });

  it('is closed to staff, to customers and to other companies', async () => {
    const { customerId } = await addReader('vi-VN');
    const other = await openSubscriptionShop();
    const shopper = await shop.company.addShopper();
    const ask = async (token: string) =>
      problemOf(await testSystem().api.with({ token }).get(`/customers/${customerId}/notices`));

    expect(await ask(shop.company.staff.token)).toBe('403 forbidden');
    expect(await ask(shopper.token)).toBe('403 forbidden');
    expect(await ask(other.company.admin.token)).toBe('404 not_found');
  });
});

it('the page shows what was caught', async () => {
  const { clockId, email } = await trialOn('vi-VN', 'tok_ok');
  await shop.advance(clockId, daysAfter(firstDay, 12));
  const [mail] = await mailsTo(email, trialEnds);
  const list = await fetch(`${testSystem().mailUrl}/?to=${email}`);
  const page = await fetch(`${testSystem().mailUrl}/mail/${mail?.id}`);

  expect(await list.text()).toContain(`<a href="/mail/${mail?.id}">${mail?.subject}</a>`);
  expect(await page.text()).toContain('328.900 ₫');
});

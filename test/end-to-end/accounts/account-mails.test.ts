import { randomUUID } from 'node:crypto';

import type { CaughtMail } from '../../../sandboxes/mail/mail-store';
import { type SignedUpCompany, signUpCompany, testSystem } from '../../environment/test-system';
import { problemOf, until } from '../orders/orders-test-shop';

let company: SignedUpCompany;
let companyName: string;

beforeAll(async () => {
  company = await signUpCompany();
  const [row] = await testSystem().query<{ name: string }>('SELECT name FROM platform.companies WHERE id = $1', [
    company.id,
  ]);
  companyName = row?.name ?? '';
});

const mailsTo = (email: string, subject: string, atLeast = 1) =>
  until(
    async () => {
      const answer = await fetch(`${testSystem().mailUrl}/messages?to=${email}`);

      return ((await answer.json()) as { data: CaughtMail[] }).data.filter((mail) => mail.subject === subject);
    },
    (mails) => mails.length >= atLeast,
  );
const linkIn = (mail: CaughtMail | undefined) => /https?:\/\/\S+/.exec(mail?.text ?? '')?.[0] ?? '';
const tokenOf = (link: string) => link.slice(link.lastIndexOf('/') + 1);
const password = 'the-first-password';

async function signUp(fields: object = {}) {
  const email = `${randomUUID()}@shop.test`;
  const { status, body } = await company.visitor.post('/auth/signup', { email, password, name: 'Lan', ...fields });
  expect(status).toBe(201);

  return { email, ...body, api: company.visitor.with({ token: body.accessToken }) };
}

const logIn = (email: string, given: string) => company.visitor.post('/auth/login', { email, password: given });
const forget = (email: string) => company.visitor.post('/auth/password/forgot', { email });
const resetLink = async (email: string, subject = 'Đặt lại mật khẩu') => {
  expect((await forget(email)).status).toBe(202);

  return linkIn((await mailsTo(email, subject))[0]);
};

describe('signing up', () => {
  it('chooses a language, and is welcomed in it with a link that confirms the address when its button is pressed', async () => {
    const { email, user, api } = await signUp({ locale: 'en-GB' });
    const [mail] = await mailsTo(email, `Welcome to ${companyName}`);
    const link = linkIn(mail);
    const confirmed = async () => (await api.get('/auth/me')).body.user.emailVerified;

    expect(user.emailVerified).toBe(false);
    expect((await api.get(`/customers/${user.customerId}`)).body.billingAccount.locale).toBe('en-GB');
    expect(mail?.text).toContain(`Sign in with ${email}.`);
    expect(await (await fetch(link)).text()).toContain('Please confirm that this address is yours.');
    expect(await confirmed()).toBe(false);
    expect(await (await fetch(link, { method: 'POST' })).text()).toContain('Your email address is confirmed');
    expect(await confirmed()).toBe(true);
    expect((await company.visitor.post('/auth/email/confirm', { token: tokenOf(link) })).status).toBe(204);
    expect(await (await fetch(link)).text()).toContain('Your email address is confirmed');
  });

  it("is in the company's language where none is chosen, and refuses what is none", async () => {
    const { email } = await signUp();

    expect(await mailsTo(email, `Chào mừng bạn đến với ${companyName}`)).toHaveLength(1);
    expect(
      problemOf(await company.visitor.post('/auth/signup', { email: 'x@shop.test', password, locale: 'not a locale' })),
    ).toBe('422 validation_failed /locale');
  });
});

describe('a forgotten password', () => {
  it('is chosen anew by a link that works once, ends all sessions and says so by mail', async () => {
    const { email, refreshToken } = await signUp();
    const link = await resetLink(email);
    const reset = (given: string) =>
      company.visitor.post('/auth/password/reset', { token: tokenOf(link), password: given });

    expect((await logIn(email, password)).status).toBe(200);
    expect(problemOf(await reset('short'))).toBe('422 validation_failed /password');
    const answers = await Promise.all([reset('the-second-password'), reset('the-other-password')]);
    expect(answers.map(problemOf).sort()).toEqual(['204 undefined', '422 link_invalid']);
    const won = answers[0]?.status === 204 ? 'the-second-password' : 'the-other-password';

    expect(problemOf(await logIn(email, password))).toBe('401 invalid_credentials');
    expect((await logIn(email, won)).body.user.emailVerified).toBe(true);
    expect((await company.visitor.post('/auth/refresh', { refreshToken })).status).toBe(401);
    expect(problemOf(await reset('the-third-password'))).toBe('422 link_invalid');
    expect(await mailsTo(email, 'Mật khẩu của bạn đã được thay đổi')).toHaveLength(1);
  });

  it('is chosen on a page that opening does not use up', async () => {
    const { email } = await signUp({ locale: 'en-GB' });
    const link = await resetLink(email, 'Reset your password');
    const send = (given: string) => fetch(link, { method: 'POST', body: new URLSearchParams({ password: given }) });

    expect(await (await fetch(link)).text()).toContain('autocomplete="new-password"');
    expect(await (await fetch(link)).text()).toContain('autocomplete="new-password"');
    expect(await (await send('short')).text()).toContain('This password cannot be used.');
    expect(await (await send('password1')).text()).toContain('This password cannot be used.');
    expect(await (await send('chosen-on-the-page')).text()).toContain('Your password was changed');
    expect((await logIn(email, 'chosen-on-the-page')).status).toBe(200);
    expect((await send('chosen-once-more')).status).toBe(404);
  });

  it('answers an unknown address the same, and mails nobody twice within a minute', async () => {
    const { email } = await signUp();
    const unknown = await forget(`${randomUUID()}@nobody.test`);
    const [first, second] = [await forget(email), await forget(email)];

    expect([unknown, first, second].map(({ status, body }) => ({ status, body }))).toEqual(
      Array(3).fill({ status: 202, body: unknown.body }),
    );
    await mailsTo(email, 'Đặt lại mật khẩu');
    const notices = await testSystem().query(
      "SELECT data FROM platform.notices n JOIN customer.users u ON u.id = n.user_id WHERE u.email = $1 AND kind = 'password_reset'",
      [email],
    );
    expect(notices).toEqual([{ data: { askedAt: expect.any(String) } }]);
  });

  it('ends with the hour', async () => {
    const { email, user } = await signUp();
    const link = await resetLink(email);
    const [companyId, userId, askedAt] = tokenOf(link).split('.').map(Number);
    expect([companyId, userId]).toEqual([company.id, user.id]);
    // The time is signed: an older link cannot be made younger.
    const younger = tokenOf(link).replace(`.${askedAt}.`, `.${(askedAt ?? 0) + 1}.`);

    expect(
      problemOf(await company.visitor.post('/auth/password/reset', { token: younger, password: 'whatever-1' })),
    ).toBe('422 link_invalid');
  });

  it('is for the people of the company as well, who have no customer record', async () => {
    const email = `${randomUUID()}@shop.test`;
    await company.api.post('/users', { email, password, role: 'staff' });
    const link = await resetLink(email);

    expect((await fetch(link)).status).toBe(200);
    expect(
      (await company.visitor.post('/auth/password/reset', { token: tokenOf(link), password: 'staff-password' })).status,
    ).toBe(204);
    expect((await logIn(email, 'staff-password')).status).toBe(200);
  });
});

describe('an own password', () => {
  it('is changed by whoever knows it; other sessions end, and a new one begins', async () => {
    const { email, api, refreshToken } = await signUp();
    const change = (currentPassword: string) =>
      api.post('/auth/password', { currentPassword, newPassword: 'the-second-password' });

    expect(problemOf(await change('not-the-password'))).toBe('422 wrong_password /currentPassword');
    const { status, body } = await change(password);
    expect(status).toBe(200);
    expect((await company.visitor.post('/auth/refresh', { refreshToken })).status).toBe(401);
    expect((await company.visitor.post('/auth/refresh', { refreshToken: body.refreshToken })).status).toBe(200);
    expect((await logIn(email, 'the-second-password')).status).toBe(200);
    expect(
      problemOf(await company.visitor.post('/auth/password', { currentPassword: 'a', newPassword: password })),
    ).toBe('401 unauthenticated');
  });
});

it('an address is confirmed by a mail that its user asks for, and no more when it is another one', async () => {
  const { email, user, api } = await signUp();
  expect((await api.post('/auth/email/confirmation', {})).status).toBe(202);
  const link = linkIn((await mailsTo(email, 'Xác nhận địa chỉ email của bạn'))[0]);
  await company.api.patch(`/customers/${user.customerId}`, { email: `${randomUUID()}@shop.test` });

  expect(problemOf(await company.visitor.post('/auth/email/confirm', { token: tokenOf(link) }))).toBe(
    '422 link_invalid',
  );
  expect((await fetch(link, { method: 'POST' })).status).toBe(404);
  expect((await api.get('/auth/me')).body.user.emailVerified).toBe(false);
});

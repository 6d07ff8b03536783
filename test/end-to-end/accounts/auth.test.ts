import { randomUUID } from 'node:crypto';

import type { Answer } from '../../environment/api-client';
import { testPassword } from '../../environment/test-company';
import { type SignedUpCompany, signUpCompany, testSystem } from '../../environment/test-system';

const system = testSystem();
const password = 'correct-password';

let company: SignedUpCompany;

beforeAll(async () => {
  company = await signUpCompany();
});

const newEmail = (): string => `${randomUUID()}@example.test`;
const signUp = (email = newEmail(), more: object = {}) =>
  company.visitor.post('/auth/signup', { email, password, ...more });
const codeOf = ({ status, body }: Answer): string => `${status} ${body.code}`;

describe('sign-up', () => {
  it('answers tokens and the user, who is a customer of the company that was asked', async () => {
    const email = newEmail();
    const answer = await signUp(email.toUpperCase(), { name: 'Ánh' });

    expect(answer).toMatchObject({
      status: 201,
      body: {
        accessToken: expect.any(String),
        refreshToken: expect.stringMatching(new RegExp(`^${company.id}\\.`)),
        expiresIn: 900,
        user: { email, name: 'Ánh', role: 'customer', companyId: company.id, customerId: expect.any(Number) },
      },
    });
    const me = await company.visitor.get('/auth/me', { token: answer.body.accessToken });
    expect(me).toMatchObject({
      status: 200,
      body: { user: answer.body.user, company: { id: company.id, slug: company.slug, businessModel: 'multi' } },
    });
  });

  it('joins the default company where none is named', async () => {
    const answer = await system.api.post('/auth/signup', { email: newEmail(), password });
    const me = await system.api.get('/auth/me', { token: answer.body.accessToken });

    expect(me.body.company.slug).toBe('demo');
  });

  it('answers under the paths without a version too', async () => {
    const answer = await company.visitor.post('//auth/signup', { email: newEmail(), password });

    expect(answer.status).toBe(201);
  });

  it('refuses an address that is taken, in whatever case, naming the field', async () => {
    const email = newEmail();
    await signUp(email);

    expect((await signUp(email.toUpperCase())).body).toMatchObject({
      code: 'email_taken',
      status: 409,
      field: '/email',
    });
  });

  it('refuses a company that does not exist', async () => {
    const answer = await system.api.post(
      '/auth/signup',
      { email: newEmail(), password },
      { headers: { 'x-company': 'nowhere' } },
    );

    expect(codeOf(answer)).toBe('404 company_not_found');
  });

  it.each([
    ['no e-mail', { password }, '/email'],
    ['no address', { email: 'an', password }, '/email'],
    ['a short password', { email: 'an@example.test', password: 'seven77' }, '/password'],
    ['a long password', { email: 'an@example.test', password: 'x'.repeat(129) }, '/password'],
    ['a role', { email: 'an@example.test', password, role: 'company_admin' }, '/role'],
    ['a company', { email: 'an@example.test', password, companyId: 1 }, '/companyId'],
  ])('refuses %s, naming the field', async (_, body, field) => {
    expect((await company.visitor.post('/auth/signup', body)).body).toMatchObject({
      code: 'validation_failed',
      status: 422,
      field,
    });
  });

  it('is done once for one Idempotency-Key, with the same answer, which is not kept readable', async () => {
    const email = newEmail();
    const options = { headers: { 'idempotency-key': randomUUID() } };
    const send = () => company.visitor.post('/auth/signup', { email, password }, options);
    const first = await send();
    const again = await send();
    const rows = await system.query('SELECT k::text FROM platform.idempotency_keys k WHERE company_id = $1', [
      company.id,
    ]);

    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(JSON.stringify(rows)).not.toContain(first.body.refreshToken);
    expect(JSON.stringify(rows)).not.toContain(first.body.accessToken);
  });

  it('tells of the user, the customer and the billing account', async () => {
    const { user } = (await signUp()).body;
    const events = await system.query<{ type: string }>(
      'SELECT type FROM platform.events WHERE subject IN ($1, $2) ORDER BY id',
      [`user/${user.id}`, `customer/${user.customerId}`],
    );

    expect(events.map(({ type }) => type)).toEqual(['user.created', 'customer.created', 'billing_account.created']);
  });
});

describe('login', () => {
  it('answers the same session for the right password, in whatever case the address is typed', async () => {
    const { email, customerId } = await company.addShopper();
    const answer = await company.visitor.post('/auth/login', { email: email.toUpperCase(), password: testPassword });

    expect(answer).toMatchObject({ status: 200, body: { user: { email, customerId }, expiresIn: 900 } });
  });

  it('answers a wrong password and an unknown address with the same words', async () => {
    const { email } = await company.addShopper();
    const wrong = await company.visitor.post('/auth/login', { email, password: 'wrong' });
    const unknown = await company.visitor.post('/auth/login', { email: newEmail(), password: 'wrong' });

    expect(codeOf(wrong)).toBe('401 invalid_credentials');
    expect({ ...wrong.body, instance: '' }).toEqual({ ...unknown.body, instance: '' });
  });

  it('is per company', async () => {
    const { email } = await company.addShopper();

    expect(codeOf(await system.api.post('/auth/login', { email, password: testPassword }))).toBe(
      '401 invalid_credentials',
    );
  });
});

describe('a session', () => {
  it('is refreshed, and ended by the reuse of a spent token', async () => {
    const first = (await signUp()).body;
    const refresh = (refreshToken: string) => company.visitor.post('/auth/refresh', { refreshToken });
    const second = await refresh(first.refreshToken);

    expect(second).toMatchObject({ status: 200, body: { user: first.user } });
    expect((await company.visitor.get('/auth/me', { token: second.body.accessToken })).status).toBe(200);
    expect(codeOf(await refresh(first.refreshToken))).toBe('401 token_reused');
    expect(codeOf(await refresh(second.body.refreshToken))).toBe('401 unauthenticated');
  });

  it('is refreshed although the access token that is sent along has ended', async () => {
    const { refreshToken } = (await signUp()).body;
    const answer = await company.visitor.post('/auth/refresh', { refreshToken }, { token: 'ended' });

    expect(answer.status).toBe(200);
  });

  it('is ended by logout, once and for all', async () => {
    const { refreshToken } = (await signUp()).body;

    for (const text of [refreshToken, refreshToken, 'never-was-one']) {
      expect(await company.visitor.post('/auth/logout', { refreshToken: text })).toMatchObject({
        status: 204,
        text: '',
      });
    }
    expect(codeOf(await company.visitor.post('/auth/refresh', { refreshToken }))).toBe('401 unauthenticated');
  });

  it('is needed to ask who one is', async () => {
    expect(codeOf(await company.visitor.get('/auth/me'))).toBe('401 unauthenticated');
    expect(codeOf(await company.visitor.get('/auth/me', { token: 'forged' }))).toBe('401 unauthenticated');
  });
});

describe('users of a company', () => {
  it('are made by an administrator, and can sign in', async () => {
    const email = newEmail();
    const made = await company.api.post('/users', { email, password, name: 'Bình', role: 'staff' });

    expect(made).toMatchObject({
      status: 201,
      body: { email, name: 'Bình', role: 'staff', status: 'active', customerId: null },
    });
    expect(made.body.createdAt).toMatch(/\+07:00$/);
    expect((await company.api.get(`/users/${made.body.id}`)).body).toEqual(made.body);
    expect((await company.visitor.post('/auth/login', { email, password })).body.user.role).toBe('staff');
  });

  it('are listed page after page, without customers unless they are asked for', async () => {
    const { email } = await company.addShopper();
    const seen: string[] = [];
    let cursor = '';

    do {
      const page = (await company.api.get(`/users?limit=2${cursor}`)).body;
      seen.push(...page.data.map((user: { role: string }) => user.role));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');

    expect(seen).toEqual(expect.arrayContaining(['company_admin', 'shop_manager', 'staff']));
    expect(seen).not.toContain('customer');
    const customers = (await company.api.get(`/users?role=customer&q=${email}`)).body.data;
    expect(customers).toEqual([expect.objectContaining({ email, customerId: expect.any(Number) })]);
  });

  it('lose their sessions when they are disabled', async () => {
    const email = newEmail();
    const { id } = (await company.api.post('/users', { email, password, role: 'staff' })).body;
    const { refreshToken } = (await company.visitor.post('/auth/login', { email, password })).body;
    const disabled = await company.api.patch(`/users/${id}`, { status: 'disabled' });

    expect(disabled).toMatchObject({ status: 200, body: { status: 'disabled' } });
    expect(codeOf(await company.visitor.post('/auth/refresh', { refreshToken }))).toBe('401 unauthenticated');
    expect(codeOf(await company.visitor.post('/auth/login', { email, password }))).toBe('403 forbidden');
    await company.api.patch(`/users/${id}`, { status: 'active', password: 'another-password' });
    expect((await company.visitor.post('/auth/login', { email, password: 'another-password' })).status).toBe(200);
  });

  it('are for administrators alone, who can make no operator of the installation', async () => {
    for (const { token } of [company.manager, company.staff, await company.addShopper()]) {
      expect(codeOf(await company.api.get('/users', { token }))).toBe('403 forbidden');
      expect(codeOf(await company.api.post('/users', {}, { token }))).toBe('403 forbidden');
    }
    const body = { email: newEmail(), password, role: 'super_admin' };
    expect((await company.api.post('/users', body)).body).toMatchObject({ code: 'validation_failed', field: '/role' });
  });

  it('of another company are not there', async () => {
    const other = await signUpCompany();
    const { userId } = other.staff.principal;

    expect(codeOf(await company.api.get(`/users/${userId}`))).toBe('404 not_found');
    expect(codeOf(await company.api.patch(`/users/${userId}`, { status: 'disabled' }))).toBe('404 not_found');
  });
});

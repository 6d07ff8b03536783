import { randomUUID } from 'node:crypto';

import type { ApiClient } from '../../environment/api-client';
import { signUpCompany, testSystem } from '../../environment/test-system';

const system = testSystem();
const password = 'correct-password';

let operator: ApiClient;

beforeAll(async () => {
  operator = system.api.with({ token: await system.superAdminToken() });
});

const newSlug = (): string => `c-${randomUUID().slice(0, 13)}`;
const found = async (more: object = {}) => {
  const slug = newSlug();

  return (await operator.post('/companies', { slug, name: `Company ${slug}`, ...more })).body;
};

describe('companies', () => {
  it('are founded by the operator with an administrator, who can sign in and work there', async () => {
    const slug = newSlug();
    const admin = { email: `boss@${slug}.test`, password, name: 'Boss' };
    const made = await operator.post('/companies', { slug, name: 'Trà Hà Nội', admin });
    const visitor = system.api.with({ headers: { 'x-company': slug } });
    const session = await visitor.post('/auth/login', { email: admin.email, password });
    const listed = await system.api.get('/users', { token: session.body.accessToken });

    expect(made).toMatchObject({
      status: 201,
      body: { slug, name: 'Trà Hà Nội', status: 'active', businessModel: 'multi', isSandbox: false },
    });
    expect(session.body.user).toMatchObject({ role: 'company_admin', companyId: made.body.id });
    expect(listed.body.data.map(({ email }: { email: string }) => email)).toEqual([admin.email]);
  });

  it('are founded once for one Idempotency-Key', async () => {
    const slug = newSlug();
    const body = { slug, name: 'Once', admin: { email: 'boss@example.test', password } };
    const options = { headers: { 'idempotency-key': randomUUID() } };
    const [first, again] = [
      await operator.post('/companies', body, options),
      await operator.post('/companies', body, options),
    ];

    expect([first.status, again.status, again.body]).toEqual([201, 201, first.body]);
  });

  it('do not share a slug', async () => {
    const { slug } = await found();

    expect((await operator.post('/companies', { slug, name: 'Another' })).body).toMatchObject({
      status: 409,
      code: 'already_exists',
      field: '/slug',
    });
  });

  it('are listed in the order of founding, page after page, and read one by one', async () => {
    const made = [await found(), await found(), await found()];
    const seen: unknown[] = [];
    let cursor = '';

    do {
      const page = (await operator.get(`/companies?limit=2${cursor}`)).body;
      seen.push(...page.data);
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');

    expect(seen.slice(-3)).toEqual(made);
    expect((await operator.get(`/companies/${made[1].id}`)).body).toEqual(made[1]);
    expect((await operator.get('/companies/999999999')).body).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('are suspended: nobody signs up, signs in, refreshes or works there until they are reopened', async () => {
    const company = await signUpCompany();
    const session = (await company.visitor.post('/auth/signup', { email: 'an@example.test', password })).body;
    const attempts = async () =>
      (
        await Promise.all([
          company.visitor.post('/auth/signup', { email: `${randomUUID()}@example.test`, password }),
          company.visitor.post('/auth/login', { email: 'an@example.test', password }),
          system.api.post('/auth/refresh', { refreshToken: session.refreshToken }),
          company.api.get('/customers'),
        ])
      ).map(({ status, body }) => body.code ?? status);
    // Processes remember for a moment who is suspended; these two questions spend nothing.
    const untilNoticed = async (isSuspended: boolean): Promise<void> => {
      for (;;) {
        const stranger = { email: 'nobody@example.test', password };
        const answers = [await company.api.get('/customers'), await company.visitor.post('/auth/login', stranger)];

        if (answers.every(({ body }) => (body.code === 'company_suspended') === isSuspended)) {
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };

    expect(await operator.patch(`/companies/${company.id}`, { status: 'suspended' })).toMatchObject({ status: 200 });
    await untilNoticed(true);
    expect(await attempts()).toEqual(Array(4).fill('company_suspended'));
    await operator.patch(`/companies/${company.id}`, { status: 'active' });
    await untilNoticed(false);
    expect(await attempts()).toEqual([201, 200, 200, 200]);
  });

  it('cannot be suspended by somebody who is signed in to them', async () => {
    const [own] = await system.query<{ id: string }>("SELECT id FROM platform.companies WHERE slug = 'demo'");

    expect((await operator.patch(`/companies/${own?.id}`, { status: 'suspended' })).body).toMatchObject({
      status: 409,
      code: 'conflict',
    });
  });

  it('are for the operator alone', async () => {
    const company = await signUpCompany();

    for (const token of [company.admin.token, company.staff.token, (await company.addShopper()).token]) {
      const client = system.api.with({ token });

      for (const answer of [
        await client.get('/companies'),
        await client.get(`/companies/${company.id}`),
        await client.post('/companies', { slug: newSlug(), name: 'Mine' }),
        await client.patch(`/companies/${company.id}`, { name: 'Mine' }),
      ]) {
        expect(answer.body.code).toBe('forbidden');
      }
    }
  });

  it('can be helped by the operator, who names them', async () => {
    const company = await signUpCompany();
    const answer = await operator.post(
      '/users',
      { email: 'helper@example.test', password, role: 'company_admin' },
      { headers: { 'x-company': company.slug } },
    );

    expect(answer.status).toBe(201);
    expect((await company.api.get(`/users/${answer.body.id}`)).status).toBe(200);
  });
});

describe('settings of a company', () => {
  it('are one table with value, default and meaning', async () => {
    const company = await signUpCompany();
    const { status, body } = await company.api.get('/company/settings');

    expect(status).toBe(200);
    expect(Object.keys(body.values)).toEqual(body.settings.map(({ key }: { key: string }) => key));
    expect(body.settings).toContainEqual({
      key: 'orderPaymentWindowMinutes',
      value: 15,
      default: 15,
      meaning: expect.any(String),
      unit: 'minutes',
      isDefault: true,
    });
  });

  it('change by what is sent, and go back with null', async () => {
    const company = await signUpCompany();
    const changed = await company.api.put('/company/settings', { taxRatePpm: 80_000, sellerName: ' Trà Hà Nội ' });
    expect(changed.body.values).toMatchObject({ taxRatePpm: 80_000, sellerName: 'Trà Hà Nội', invoiceDueDays: 7 });

    const back = await company.api.put('/company/settings', { taxRatePpm: null });
    expect(back.body.values).toMatchObject({ taxRatePpm: 100_000, sellerName: 'Trà Hà Nội' });
    expect((await company.api.get('/company/settings')).body).toEqual(back.body);
  });

  it.each([
    [{ taxRatePpm: 0.1 }, '/taxRatePpm'],
    [{ taxRate: 0.1 }, '/taxRate'],
    [{ dunning: { mode: 'offsets', days: [3, 1] } }, '/dunning/days'],
    [{ paymentMethods: ['vnpay', 'cheque'] }, '/paymentMethods/1'],
    [{ orderPaymentWindowMinutes: 1, paymentExpiryMarginSeconds: 60 }, '/paymentExpiryMarginSeconds'],
  ])('refuse %j, naming %s', async (body, field) => {
    const company = await signUpCompany();
    const answer = await company.api.put('/company/settings', body);

    expect(answer.body).toMatchObject({ status: 422, code: 'validation_failed', field });
    expect((await company.api.get('/company/settings')).body.values).toMatchObject({ taxRatePpm: 100_000 });
  });

  it('are read by employees, changed by administrators, and not for customers', async () => {
    const company = await signUpCompany();
    const as = (token: string) => system.api.with({ token });
    const shopper = await company.addShopper();

    expect((await as(company.staff.token).get('/company/settings')).status).toBe(200);
    expect((await as(company.manager.token).put('/company/settings', {})).body.code).toBe('forbidden');
    expect((await as(shopper.token).get('/company/settings')).body.code).toBe('forbidden');
  });

  it('of one company do not reach another', async () => {
    const [one, other] = [await signUpCompany(), await signUpCompany()];
    await one.api.put('/company/settings', { taxRatePpm: 0 });

    expect((await other.api.get('/company/settings')).body.values.taxRatePpm).toBe(100_000);
  });
});

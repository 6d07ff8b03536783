import { randomUUID } from 'node:crypto';

import { type SignedUpCompany, signUpCompany, testSystem } from '../../environment/test-system';

const system = testSystem();

let company: SignedUpCompany;

beforeAll(async () => {
  company = await signUpCompany();
});

const newEmail = (): string => `${randomUUID()}@example.test`;
const asStaff = () => system.api.with({ token: company.staff.token });

describe('employees', () => {
  it('enter a customer with a billing account', async () => {
    const email = newEmail();
    const made = await asStaff().post('/customers', { name: 'Ánh', email, phone: '0243 825 1234', segment: 'vip' });

    expect(made).toMatchObject({
      status: 201,
      body: {
        userId: null,
        name: 'Ánh',
        email,
        phone: '0243 825 1234',
        segment: 'vip',
        lifecycleStage: 'new',
        totalSpent: 0,
        orderCount: 0,
        billingAccount: { currency: 'VND', timeZone: 'Asia/Ho_Chi_Minh', locale: 'vi-VN' },
      },
    });
    expect(made.body.createdAt).toMatch(/\+07:00$/);
    expect((await asStaff().get(`/customers/${made.body.id}`)).body).toEqual(made.body);
  });

  it('enter one customer for one Idempotency-Key, however often it is sent', async () => {
    const body = { name: 'Once', email: newEmail() };
    const options = { headers: { 'idempotency-key': randomUUID() } };
    const answers = [
      await asStaff().post('/customers', body, options),
      await asStaff().post('/customers', body, options),
      await asStaff().post('/customers', { ...body, name: 'Other' }, options),
    ];

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 422]);
    expect(answers[1]?.body).toEqual(answers[0]?.body);
    expect(answers[2]?.body.code).toBe('idempotency_key_reused');
  });

  it('find customers by name, address and segment, page after page', async () => {
    const { api } = await signUpCompany();
    const names = ['Lan', 'Mai', 'Lan Anh', 'Minh'];

    for (const name of names) {
      await api.post('/customers', { name, email: newEmail(), segment: name.startsWith('Lan') ? 'vip' : 'standard' });
    }
    const found = async (query: string) =>
      (await api.get(`/customers?${query}`)).body.data.map(({ name }: { name: string }) => name);
    const first = (await api.get('/customers?limit=3')).body;
    const second = (await api.get(`/customers?limit=3&cursor=${first.nextCursor}`)).body;

    expect(await found('q=lan')).toEqual(['Lan Anh', 'Lan']);
    expect(await found('segment=vip&q=anh')).toEqual(['Lan Anh']);
    expect(await found(`email=${first.data[0].email}`)).toEqual(['Minh']);
    expect([...first.data, ...second.data].map(({ name }) => name)).toEqual([...names].reverse());
    expect(second.nextCursor).toBeNull();
    expect((await api.get('/customers?cursor=nonsense')).body).toMatchObject({
      code: 'validation_failed',
      field: 'cursor',
    });
  });

  it('change a customer, but not to an address that is in use', async () => {
    const [one, two] = [await company.addCustomer({ email: newEmail() }), await company.addCustomer()];
    const changed = await asStaff().patch(`/customers/${one}`, { segment: 'vip', phone: null });
    const { email } = (await asStaff().get(`/customers/${two}`)).body;

    expect(changed).toMatchObject({ status: 200, body: { id: one, segment: 'vip', phone: null } });
    expect((await asStaff().patch(`/customers/${one}`, { email })).body).toMatchObject({
      status: 409,
      code: 'already_exists',
      field: '/email',
    });
    expect((await asStaff().patch(`/customers/${one}`, { totalSpent: 5 })).body).toMatchObject({
      code: 'validation_failed',
      field: '/totalSpent',
    });
  });

  it('do not reach customers of another company', async () => {
    const other = await signUpCompany();
    const id = await other.addCustomer();

    expect((await asStaff().get(`/customers/${id}`)).body.code).toBe('not_found');
    expect((await asStaff().patch(`/customers/${id}`, { name: 'Mine' })).body.code).toBe('not_found');
    expect((await other.api.get(`/customers/${id}`)).body.name).toBe(`Customer ${id}`);
  });
});

describe('a customer', () => {
  it('reads and changes their own record', async () => {
    const shopper = await company.addShopper();
    const client = system.api.with({ token: shopper.token });
    const changed = await client.patch(`/customers/${shopper.customerId}`, { name: 'Ánh', phone: '+84 91 234 5678' });

    expect(changed).toMatchObject({ status: 200, body: { name: 'Ánh', phone: '+84 91 234 5678' } });
    expect((await client.get(`/customers/${shopper.customerId}`)).body).toEqual(changed.body);
  });

  it('moves neither their address nor their segment', async () => {
    const shopper = await company.addShopper();
    const client = system.api.with({ token: shopper.token });

    for (const [field, value] of [
      ['email', newEmail()],
      ['segment', 'vip'],
    ] as const) {
      expect((await client.patch(`/customers/${shopper.customerId}`, { [field]: value })).body).toMatchObject({
        status: 403,
        code: 'forbidden',
        field: `/${field}`,
      });
    }
  });

  it('sees no other customer, by id or by list', async () => {
    const shopper = await company.addShopper();
    const client = system.api.with({ token: shopper.token });
    const other = await company.addCustomer();

    expect((await client.get(`/customers/${other}`)).body).toMatchObject({ status: 404, code: 'not_found' });
    expect((await client.patch(`/customers/${other}`, { name: 'Mine' })).body).toMatchObject({ code: 'not_found' });
    expect((await client.get('/customers')).body).toMatchObject({ code: 'forbidden' });
    expect((await client.post('/customers', { name: 'X', email: newEmail() })).body).toMatchObject({
      code: 'forbidden',
    });
  });

  it('whom the company entered signs up in vain, until an administrator opens the account', async () => {
    const email = newEmail();
    const password = 'correct-password';
    const id = await company.addCustomer({ email });
    const refused = await company.visitor.post('/auth/signup', { email, password });

    expect(refused.body).toMatchObject({ status: 409, code: 'email_taken', field: '/email' });
    expect((await asStaff().post(`/customers/${id}/account`, { password })).body.code).toBe('forbidden');
    expect(await company.api.post(`/customers/${id}/account`, { password })).toMatchObject({
      status: 201,
      body: { email, customerId: id, role: 'customer' },
    });
    const session = await company.visitor.post('/auth/login', { email, password });
    expect((await system.api.get(`/customers/${id}`, { token: session.body.accessToken })).body).toMatchObject({
      id,
      email,
    });
  });
});

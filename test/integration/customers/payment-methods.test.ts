import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { listPaymentMethods } from '../../../domain/payments/list-payment-methods';
import { savePaymentMethod } from '../../../domain/payments/save-payment-method';
import { openOrderWorld, type OrderWorld, refusalOf } from '../orders/order-world';

let world: OrderWorld;

beforeAll(async () => {
  world = await openOrderWorld();
});

afterAll(() => world?.close());

const save = (customerId: number, token: string) =>
  world.database.withTenantSql(world.company.id, (tx) =>
    savePaymentMethod(tx, { customerId, method: 'card', token, gateways: world.gateways, now: world.now }),
  );

it('are saved once, and one is the default, however many requests bring them at once', async () => {
  const customerId = await world.company.addCustomer();
  const tokens = ['tok_ok', 'tok_declined', 'tok_ok', 'tok_ok', 'tok_declined', 'tok_expired'];
  const ids = await Promise.all(tokens.map((token) => save(customerId, token)));
  const saved = await world.database.withTenant(world.company.id, (tx) => listPaymentMethods(tx, customerId));

  expect(saved.map(({ token }) => token).sort()).toEqual(['tok_declined', 'tok_expired', 'tok_ok']);
  expect(saved.filter(({ isDefault }) => isDefault)).toHaveLength(1);
  expect(new Set(ids)).toEqual(new Set(saved.map(({ id }) => Number(id))));
});

it('are of a customer that there is', async () => {
  expect(await refusalOf(save(await reserveId(world.database, 'customer'), 'tok_ok'))).toBe(
    'customer_not_found /customerId',
  );
});

import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { countBehind } from '../../../domain/subscriptions/row/count-behind';
import { turnAt } from '../../../domain/subscriptions/schedule/turn-rules';
import { openSubscriptionWorld, type SubscriptionWorld } from './subscription-world';

const start = new Date('2025-03-10T03:00:00Z');
let now = start;

let world: SubscriptionWorld;

beforeAll(async () => {
  world = await openSubscriptionWorld(start, { now: () => now });
});
afterAll(() => world?.close());

/** Subscribes by real time to a monthly plan and pays the first invoice. @returns where it stands then */
async function subscribe() {
  const customerId = await world.company.addCustomer();
  const who = await world.subscribe({ customerId }, { token: null });
  const [invoice] = await world.rows<{ id: string; total: string }>(
    'SELECT id, total_amount AS total FROM finance.invoices WHERE subscription_id = $1',
    [who.subscriptionId],
  );
  const paid = await world.command(who, {
    type: 'record_payment',
    invoiceId: Number(invoice?.id),
    paymentId: await reserveId(world.test.database, 'payment'),
    amount: Number(invoice?.total),
    method: 'cash',
    reference: null,
    receivedAt: null,
  });

  if (paid.kind !== 'done') {
    throw new Error(JSON.stringify(paid));
  }

  return { ...who, deadline: paid.value.standing.deadline };
}

const due = async (subscriptionId: number) => {
  const run = await world.steps.runSubscription({
    companyId: world.company.id,
    subscriptionId,
    work: { kind: 'due' },
  });

  return run.kind === 'done' ? run.value.standing : null;
};

test('subscriptions of one instant are woken one after the other, and who comes alone at the instant itself', async () => {
  const together = [await subscribe(), await subscribe(), await subscribe()];
  const at = together[0]?.deadline?.at ?? 0;
  // Few are counted each time: the first of them was the only one.
  const seen = await Promise.all(together.map(({ subscriptionId }) => due(subscriptionId)));
  now = new Date(start.getTime() + 61_000);
  const alone = await subscribe();
  now = start;

  expect(seen.map((standing) => standing?.deadline?.kind)).toEqual(Array(3).fill('renewal_invoice'));
  expect(seen.map((standing) => standing?.deadline?.wakeAt)).toEqual(
    together.map(({ subscriptionId }) => turnAt(at, { subscriptionId, together: 3, perSecond: 25 })),
  );
  expect(alone.deadline).toEqual({ kind: 'renewal_invoice', at: at + 61_000 });
});

test('what is due at an instant is done from then on, whether its turn has come or not', async () => {
  const [, second] = [await subscribe(), await subscribe()];
  const deadline = second.deadline;
  now = new Date(deadline?.at ?? 0);

  expect(await due(second.subscriptionId)).toMatchObject({ deadline: { kind: 'period_end' } });
  now = start;
});

test('whose turn is still to come is not behind, and who has no turn is, also when others have gone on', async () => {
  now = new Date(start.getTime() + 600_000);
  const together = [await subscribe(), await subscribe(), await subscribe(), await subscribe()];
  const ids = together.map(({ subscriptionId }) => subscriptionId);
  const count = (after: number) =>
    world.test.database.withTenantSql(world.company.id, (tx) =>
      countBehind(tx, { before: new Date(deadline + after), perSecond: 1 }),
    );
  let deadline = together[0]?.deadline?.at ?? 0;
  const turns = (waiting: readonly number[]) =>
    waiting
      .map((subscriptionId) => turnAt(deadline, { subscriptionId, together: 4, perSecond: 1 }))
      .sort((left, right) => left - right);
  const expectTurns = async (waiting: readonly number[]) => {
    // Others, of tests before.
    const behindBefore = await count(0);

    for (const [nth, at] of turns(waiting).entries()) {
      expect(await count(at - deadline)).toBe(behindBefore + nth);
      expect(await count(at - deadline + 1)).toBe(behindBefore + nth + 1);
    }
  };
  await expectTurns(ids);

  // The first one has got its invoice ahead.
  now = new Date(deadline);
  const [first = 0, ...others] = ids;
  await due(first);
  await expectTurns(others);

  for (const id of others) {
    await due(id);
  }
  expect(await count(100_000)).toBe(await count(0));

  // And then its next period.
  deadline = (await due(first))?.deadline?.at ?? 0;
  now = new Date(deadline);
  await due(first);
  await expectTurns(others);
  now = start;
});

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { runBmms } from '../../environment/run-bmms';
import { testServers } from '../../environment/servers';
import { testSystem } from '../../environment/test-system';
import { problemOf, until } from '../orders/orders-test-shop';
import { daysAfter, firstDay, openSubscriptionShop, type SubscriptionShop } from './subscriptions-test-shop';

const system = testSystem();
const run = promisify(execFile);
let shop: SubscriptionShop;
let planId: number;

beforeAll(async () => {
  shop = await openSubscriptionShop();
  planId = await shop.addPlan();
});

/** On a clock, charged by its card, which pays. Periods begin on the 26th. */
async function charged() {
  const clockId = await shop.addClock();
  const customerId = await shop.addCustomer(clockId);

  return {
    clockId,
    customerId,
    ...(await shop.subscribe({ customerId, planId, paymentMethod: 'card', paymentToken: 'tok_ok' })),
  };
}
const pause = (id: number, body: Record<string, unknown>) =>
  shop.admin.post(`/subscriptions/${id}/pause-collection`, body);

/** `bmms …`, as at a terminal. @returns what it printed */
const bmms = async (...words: string[]) => {
  const { code, stdout } = await runBmms(system, [...words, '--company', shop.company.slug, '--json']);
  expect(code).toBe(0);

  return JSON.parse(stdout);
};

/** By the plain command-line client of Temporal, as an operator has it. */
const signal = (id: number, name: string, input: object = {}) =>
  run(testServers().temporalBinary, [
    ...['workflow', 'signal', '--workflow-id', `subscription/${id}`, '--name', name, '--input', JSON.stringify(input)],
    ...['--address', system.temporalAddress, '--namespace', system.temporalNamespace],
  ]);

describe('a pause of collection', () => {
  it('keeps drafts while service goes on, and asks for them at its end', async () => {
    const { id, clockId } = await charged();
    const { status, body } = await pause(id, { behavior: 'keep_as_draft', resumesAt: '2026-01-10' });
    expect({ status, collectionPause: body.collectionPause }).toEqual({
      status: 200,
      collectionPause: {
        behavior: 'keep_as_draft',
        pausedAt: firstDay,
        resumesAt: '2026-01-10T00:00:00+07:00',
      },
    });
    expect(problemOf(await pause(id, { behavior: 'keep_as_draft', resumesAt: '2026-01-10' }))).toBe('422 no_change');
    await shop.advance(clockId, daysAfter(firstDay, 70));
    expect(await shop.read(id)).toMatchObject({ status: 'active', currentPeriodStart: '2025-12-26T00:00:00+07:00' });
    const [, draft] = await shop.invoicesOf(id);
    expect(draft).toMatchObject({ status: 'draft', invoiceNumber: null, dueDate: null, totalAmount: 328_900 });
    expect(problemOf(await shop.admin.post(`/invoices/${draft.id}/pay`, {}))).toBe('409 invoice_state');
    expect(
      problemOf(
        await shop.admin.post(`/subscriptions/${id}/change-plan`, {
          newPlanId: await shop.addPlan({ price: 900_000 }),
          immediate: true,
        }),
      ),
    ).toBe('409 collection_paused');
    await shop.advance(clockId, daysAfter(firstDay, 95));

    expect(await shop.invoicesOf(id)).toMatchObject([
      { status: 'paid' },
      { status: 'paid', invoiceNumber: expect.any(String), dueDate: '2026-01-17T00:00:00+07:00' },
      { status: 'paid', dueDate: '2026-01-17T00:00:00+07:00' },
      { status: 'paid', periodStart: '2026-01-26T00:00:00+07:00' },
    ]);
    expect(await shop.read(id)).toMatchObject({ collectionPause: null });
    expect(await shop.typesOf(id)).toEqual(
      expect.arrayContaining(['subscription.collection.paused', 'subscription.collection.resumed']),
    );
  });

  it('lets a period off from a terminal, and goes on by it', async () => {
    const { id, clockId } = await charged();
    const paused = await bmms('subscription', 'pause-collection', String(id), '--behavior', 'void');
    expect(paused).toMatchObject({ collectionPause: { behavior: 'void', resumesAt: null } });
    await shop.advance(clockId, daysAfter(firstDay, 40));
    const resumed = await bmms('subscription', 'resume-collection', String(id));
    expect(resumed).toMatchObject({ collectionPause: null, status: 'active' });
    await shop.advance(clockId, daysAfter(firstDay, 65));

    expect((await shop.invoicesOf(id)).map(({ status }) => status)).toEqual(['paid', 'void', 'paid']);
  });

  it('is asked for by signals, which a history keeps when they are refused', async () => {
    const { id } = await charged();
    await signal(id, 'pauseCollection', { behavior: 'mark_uncollectible' });
    await until(
      () => shop.read(id),
      ({ collectionPause }) => collectionPause?.behavior === 'mark_uncollectible',
    );
    await signal(id, 'pauseCollection', { behavior: 'forget' });
    await signal(id, 'resumeCollection');
    await until(
      () => shop.read(id),
      ({ collectionPause }) => collectionPause === null,
    );
    const { body: history } = await shop.admin.get(`/subscriptions/${id}/history`);

    expect(history.data.map(({ action }: { action: string }) => action)).toEqual(
      expect.arrayContaining(['collection_changed', 'rejected']),
    );
  });

  it('is refused with what is wrong named, and is for managers', async () => {
    const { id } = await charged();
    expect(problemOf(await pause(id, { behavior: 'forget' }))).toBe('422 validation_failed /behavior');
    expect(problemOf(await pause(id, {}))).toBe('422 validation_failed /behavior');
    expect(problemOf(await pause(id, { behavior: 'void', resumesAt: 'soon' }))).toBe(
      '422 validation_failed /resumesAt',
    );
    expect(problemOf(await pause(id, { behavior: 'void', resumesAt: '2025-10-20' }))).toBe(
      '422 invalid_date_sequence /resumesAt',
    );
    expect(problemOf(await shop.admin.post(`/subscriptions/${id}/resume-collection`, {}))).toBe(
      '409 subscription_state',
    );
    const { token } = await shop.company.addShopper();
    const customer = system.api.with({ token });
    const { body } = await customer.post('/subscriptions', { planId, paymentMethod: 'vnpay' });

    expect(problemOf(await customer.post(`/subscriptions/${body.id}/pause-collection`, { behavior: 'void' }))).toBe(
      '403 forbidden',
    );
    expect(problemOf(await pause(body.id, { behavior: 'void' }))).toBe('409 subscription_state');
  });
});

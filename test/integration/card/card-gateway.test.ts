import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type Client } from 'pg';
import { type ChargeRequest, type PaymentGateway, type RefundRequest } from '../../../domain/payments/payment-gateway';
import { createCardGateway } from '../../../gateways/card/create-card-gateway';
import { createPostgresCardLedger } from '../../../gateways/card/postgres-card-ledger';
import { asOwner, queryAsOwner } from '../../environment/admin';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

const NOW = '2026-03-02T03:00:00.000Z';
let testDatabase: TestDatabase;
let card: PaymentGateway;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  card = newGateway();
});
afterAll(() => testDatabase?.drop());

/** As another process would open it: nothing is shared but the database. */
function newGateway(): PaymentGateway {
  return createCardGateway({ ledger: createPostgresCardLedger(testDatabase.database.system), referencePrefix: 'P' });
}

const rows = (like: string) =>
  queryAsOwner<{ outcome: string; attempts: number; amount: string; refunded_amount: string }>(
    testDatabase.adminUrl,
    `SELECT outcome, attempts, amount, refunded_amount FROM sandbox.card_charges
      WHERE idempotency_key LIKE $1 ORDER BY created_at, idempotency_key`,
    [like],
  );
let subjects = 0;
const newSubject = () => {
  subjects += 1;

  return `customer/${subjects}`;
};
const charge = async (changes: Partial<ChargeRequest> & { effectKey: string }, gateway = card) =>
  gateway.charge?.({
    reference: 'P1',
    token: 'tok_ok',
    subject: 'customer/1',
    amount: 99_000,
    currency: 'VND',
    now: NOW,
    ...changes,
  });
async function waitForBlocked(owner: Client, statements: number): Promise<void> {
  for (;;) {
    // Inside a transaction the first look at pg_stat_activity is kept, and every later one shows the same.
    await owner.query('SELECT pg_stat_clear_snapshot()');
    const { rows: waiting } = await owner.query(
      `SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%sandbox.card_charges%'`,
    );
    if (waiting.length === statements) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
const query = async (effectKey: string | null) =>
  card.query?.({ reference: 'P1', effectKey, initiatedAt: NOW, now: NOW });

describe('a charge', () => {
  test('succeeds with a transaction of its own', async () => {
    const [first, second] = [await charge({ effectKey: 'ok:1' }), await charge({ effectKey: 'ok:2' })];

    expect(first).toEqual({
      outcome: 'success',
      transactionId: expect.stringMatching(/^card_[0-9a-f]{24}$/),
      paidAmount: 99_000,
      paidAt: NOW,
    });
    expect(second).toMatchObject({ outcome: 'success' });
    expect(second).not.toEqual(first);
  });

  test('asked for again under its key is the same charge, also by another process and at another time', async () => {
    const first = await charge({ effectKey: 'again:1' });
    const again = await charge({ effectKey: 'again:1', now: '2026-03-03T00:00:00.000Z' }, newGateway());

    expect(again).toEqual(first);
    expect(await rows('again:%')).toMatchObject([{ attempts: 2 }]);
  });

  test('asked for twenty times at once is one charge', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => charge({ effectKey: 'race:1' })));

    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await rows('race:%')).toMatchObject([{ outcome: 'success', attempts: 20 }]);
  });

  test.each([
    ['amount', { amount: 98_000 }],
    ['currency', { currency: 'USD' }],
    ['payer', { subject: 'customer/2' }],
    ['token', { token: 'tok_declined' }],
  ])('under a key that stands for another %s is refused', async (name, changes) => {
    await charge({ effectKey: `other:${name}` });

    await expect(charge({ effectKey: `other:${name}`, ...changes })).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
    expect(await rows(`other:${name}`)).toMatchObject([{ amount: '99000', outcome: 'success' }]);
  });

  test('keeps amounts beyond 32 bits', async () => {
    const amount = Number.MAX_SAFE_INTEGER;

    expect(await charge({ effectKey: 'large:1', amount })).toMatchObject({ paidAmount: amount });
  });

  test.each([0, -1, 1.5])('of %p is refused', async (amount) => {
    await expect(charge({ effectKey: 'none:1', amount })).rejects.toMatchObject({ code: 'amount_out_of_range' });
  });

  test('with an unknown token is refused and leaves nothing behind', async () => {
    await expect(charge({ effectKey: 'stranger:1', token: 'tok_stolen' })).rejects.toMatchObject({
      code: 'payment_token_unknown',
      status: 422,
    });
    expect(await rows('stranger:%')).toEqual([]);
  });
});

describe('the token', () => {
  test.each([
    ['tok_declined', 'soft', 'card_declined'],
    ['tok_expired', 'hard', 'expired_card'],
  ])('%s is a %s decline (%s), told the same way by a query', async (token, severity, reason) => {
    expect(await charge({ effectKey: `${token}:1`, token })).toMatchObject({ outcome: 'declined', severity, reason });
    expect(await query(`${token}:1`)).toMatchObject({ outcome: 'failed', reason });
  });

  test('tok_fails_twice declines two charges of each payer, repeats not counted', async () => {
    const [payer, other] = [newSubject(), newSubject()];
    const outcomes: (string | undefined)[] = [];
    for (const key of ['t1', 't1', 't2', 't1', 't3', 't2', 't4']) {
      const answer = await charge({ effectKey: `twice:${payer}:${key}`, token: 'tok_fails_twice', subject: payer });
      outcomes.push(answer?.outcome);
    }

    expect(outcomes).toEqual(['declined', 'declined', 'declined', 'declined', 'success', 'declined', 'success']);
    expect(await charge({ effectKey: 'twice:other', token: 'tok_fails_twice', subject: other })).toMatchObject({
      outcome: 'declined',
      severity: 'soft',
      reason: 'insufficient_funds',
    });
  });

  test('tok_timeout is unknown until somebody asks, then a success that was never charged twice', async () => {
    const charging = () => charge({ effectKey: 'timeout:1', token: 'tok_timeout' });

    expect(await charging()).toEqual({ outcome: 'unknown', reason: 'timeout' });
    expect(await charging()).toEqual({ outcome: 'unknown', reason: 'timeout' });
    const truth = await query('timeout:1');
    expect(truth).toMatchObject({ outcome: 'success', paidAmount: 99_000 });
    expect(await charging()).toEqual(truth);
    expect(await query('timeout:1')).toEqual(truth);
    expect(await rows('timeout:%')).toMatchObject([{ outcome: 'success', attempts: 3 }]);
  });

  test('asked about a charge that never arrived, the bank has not found it', async () => {
    expect(await query('never:1')).toEqual({ outcome: 'not_found' });
    expect(await query(null)).toEqual({ outcome: 'not_found' });
  });
});

describe('a refund', () => {
  const refund = async (transactionId: string | null, changes: Partial<RefundRequest> & { effectKey: string }) =>
    card.refund?.({
      reference: 'P1',
      transactionId,
      initiatedAt: NOW,
      amount: 30_000,
      paidAmount: 99_000,
      refundedBefore: 0,
      currency: 'VND',
      reason: 'return',
      requestedBy: 'user/3',
      firstSentAt: NOW,
      now: NOW,
      ...changes,
    });
  const paid = async (effectKey: string, changes: Partial<ChargeRequest> = {}) => {
    const answer = await charge({ effectKey, ...changes });

    return answer?.outcome === 'success' || answer?.outcome === 'declined' ? answer.transactionId : null;
  };

  test('happens once per key, however often and however parallel it is asked for', async () => {
    const transactionId = await paid('refund:1');
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => refund(transactionId, { effectKey: 'refund:1:a' })),
    );

    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([
        JSON.stringify({ outcome: 'success', refundId: (answers[0] as { refundId: string }).refundId, isFinal: true }),
      ]),
    );
    expect(await rows('refund:1')).toMatchObject([{ refunded_amount: '30000' }]);
  });

  test('sent twice before the first was entered is entered once', async () => {
    const transactionId = await paid('refund:race');
    const answers = await asOwner(testDatabase.adminUrl, async (owner) => {
      await owner.query('BEGIN');
      await owner.query(`SELECT FROM sandbox.card_charges WHERE idempotency_key = 'refund:race' FOR UPDATE`);
      const both = [1, 2].map(() => refund(transactionId, { effectKey: 'refund:race:a' }));
      await waitForBlocked(owner, both.length);
      await owner.query('COMMIT');

      return Promise.all(both);
    });

    expect(answers[0]).toMatchObject({ outcome: 'success' });
    expect(answers[1]).toEqual(answers[0]);
    expect(await rows('refund:race')).toMatchObject([{ refunded_amount: '30000' }]);
  });

  test('never exceeds what was paid, also when several come at once', async () => {
    const transactionId = await paid('refund:2');
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((name) => refund(transactionId, { effectKey: `refund:2:${name}` })),
    );

    expect(answers.filter((answer) => answer?.outcome === 'success')).toHaveLength(3);
    expect(answers.filter((answer) => answer?.outcome === 'declined')).toHaveLength(2);
    expect(await rows('refund:2')).toMatchObject([{ refunded_amount: '90000' }]);
    expect(await refund(transactionId, { effectKey: 'refund:2:rest', amount: 9_000 })).toMatchObject({
      outcome: 'success',
    });
  });

  test('of a declined, unsettled or unknown charge is declined', async () => {
    const declined = await paid('refund:3', { token: 'tok_declined' });
    await paid('refund:4', { token: 'tok_timeout' });

    for (const transactionId of [declined, 'card_000000000000000000000000', null]) {
      expect(await refund(transactionId, { effectKey: `refund:5:${transactionId}` })).toMatchObject({
        outcome: 'declined',
      });
    }
  });

  test('under a key that stands for another amount is refused', async () => {
    const transactionId = await paid('refund:6');
    await refund(transactionId, { effectKey: 'refund:6:a' });

    await expect(refund(transactionId, { effectKey: 'refund:6:a', amount: 20_000 })).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
  });
});

test('a process killed in the middle of charging leaves no charge half done and none done twice', async () => {
  const payer = newSubject();
  const child = spawn(process.execPath, [path.join(__dirname, 'charge-until-killed.cjs')], {
    env: { ...process.env, CARD_DATABASE_URL: testDatabase.appUrl, CARD_SUBJECT: payer },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const answered: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    answered.push(line);
    if (answered.length === 25) {
      child.kill('SIGKILL');
    }
  }
  expect(await ended).toEqual([null, 'SIGKILL']);

  // All that was answered, the one whose answer may be lost, and some that were never sent.
  const total = answered.length + 10;
  const outcomes: (string | undefined)[] = [];
  for (let n = 1; n <= total; n += 1) {
    const answer = await charge({ effectKey: `killed:${n}`, token: 'tok_fails_twice', subject: payer });
    outcomes.push(answer?.outcome);
  }
  expect(outcomes.slice(0, answered.length)).toEqual(answered);
  expect(outcomes).toEqual([...Array(2).fill('declined'), ...Array(total - 2).fill('success')]);
  const charged = await rows('killed:%');
  expect(charged).toHaveLength(total);
  expect(charged.filter(({ attempts }) => attempts > 1).length).toBeGreaterThanOrEqual(answered.length);
});

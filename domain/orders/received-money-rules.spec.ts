import { hasMoneyToReturn, isSettled, type ReceivedMoney } from './received-money-rules';

const payment = (status: string, fields: Partial<ReceivedMoney> = {}): ReceivedMoney => ({
  status,
  paid_amount: 100,
  refunded_amount: 0,
  settled_at: '2026-05-04T03:00:00Z',
  ...fields,
});

describe('money received for an order', () => {
  it.each([
    ['success', true],
    ['partially_refunded', true],
    ['refunded', true],
    ['refund_due', false],
    ['superseded', false],
    ['failed', false],
    ['initiated', false],
    ['cancelled', false],
  ])('is settled when the payment is %s and was taken in: %s', (status, expected) => {
    expect(isSettled(payment(status))).toBe(expected);
    expect(isSettled(payment(status, { settled_at: null }))).toBe(false);
  });

  it('goes back on a cancel as far as it was not given back before', () => {
    expect(hasMoneyToReturn(payment('success', { settled_at: null }))).toBe(true);
    expect(hasMoneyToReturn(payment('partially_refunded', { refunded_amount: 99 }))).toBe(true);
    expect(hasMoneyToReturn(payment('refund_due', { refunded_amount: 40 }))).toBe(true);
    expect(hasMoneyToReturn(payment('refunded', { refunded_amount: 100 }))).toBe(false);
    expect(hasMoneyToReturn(payment('success', { paid_amount: 0 }))).toBe(false);
    expect(hasMoneyToReturn(payment('initiated', { paid_amount: 0 }))).toBe(false);
  });
});

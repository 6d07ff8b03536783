import fc from 'fast-check';

import { type EventMeter, type ReadEvent, rejectionOf } from './usage-event-rules';

const now = Date.UTC(2026, 10, 15, 10);
const event = (fields: Partial<ReadEvent> = {}): ReadEvent => ({
  id: 'e',
  event: 'used',
  customerId: 1,
  at: now,
  properties: {},
  ...fields,
});
const meter = (fields: Partial<EventMeter> = {}): EventMeter => ({
  id: 1,
  code: 'm',
  aggregation: 'sum',
  property: 'value',
  filters: {},
  ...fields,
});
const codeOf = (one: ReadEvent, meters: EventMeter[]) =>
  rejectionOf(one, { meters, customer: { now, isSubscribed: false, ended: [] } })?.code ?? null;

describe('an event of usage', () => {
  it.each<[string | number | boolean, boolean]>([
    [0, true],
    [-1.5, true],
    [0.1 + 0.2, true],
    [999_999_999_999_999, true],
    [1e15, false],
    ['-0.000000000001', true],
    ['1234567890123456', false],
    ['1.', false],
    ['', false],
    [' 1', false],
    ['0x10', false],
    [true, false],
  ])('whose value is %p can be summed: %p', (value, isRead) => {
    expect(codeOf(event({ properties: { value } }), [meter()])).toBe(isRead ? null : 'usage_value_invalid');
  });

  it('need not hold what a meter reads that does not count it', () => {
    const vn = meter({ filters: { region: ['vn'], plan: ['a', 'b'] } });

    expect(codeOf(event({ properties: { region: 'vn', plan: 'b' } }), [vn])).toBe('usage_value_invalid');
    expect(codeOf(event({ properties: { region: 'vn', plan: 'c' } }), [vn])).toBeNull();
    expect(codeOf(event({ properties: { region: 'vn' } }), [vn])).toBeNull();
    expect(codeOf(event(), [vn, meter()])).toBe('usage_value_invalid');
  });

  it('is not mistaken for what every object has', () => {
    expect(codeOf(event(), [meter({ aggregation: 'unique_count', property: 'constructor' })])).toBe(
      'usage_value_invalid',
    );
    expect(codeOf(event(), [meter({ filters: { toString: ['x'] } })])).toBeNull();
  });

  it('is of the future from five minutes on, and never of the past', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e9 }), (ahead) => {
        const code = codeOf(event({ at: now + ahead }), [meter({ aggregation: 'count', property: null })]);

        expect(code).toBe(ahead > 5 * 60_000 ? 'usage_in_future' : null);
      }),
    );
  });
});

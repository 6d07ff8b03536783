import fc from 'fast-check';

import { readCancelMessage, readSettledMessage } from './signal-messages';

test.each([
  [{ reason: 'too late' }, 'too late'],
  [undefined, 'cancelled by an operator'],
  [null, 'cancelled by an operator'],
  [{}, 'cancelled by an operator'],
  ['too late', 'cancelled by an operator'],
])('a cancel of %j is because: %s', (message, reason) => {
  expect(readCancelMessage(message)).toBe(reason);
});

test.each([{ reason: 5 }, { reason: '' }, { reason: '  ' }, { reason: 'x'.repeat(201) }, { reason: 'a\0b' }])(
  'a cancel of %j is refused',
  (message) => {
    expect(() => readCancelMessage(message)).toThrow(expect.objectContaining({ type: 'validation_failed' }));
  },
);

test('whatever a signal carries is either read or refused for good', () => {
  fc.assert(
    fc.property(fc.anything(), (message) => {
      for (const read of [readCancelMessage, readSettledMessage]) {
        try {
          expect(['string', 'number']).toContain(typeof read(message));
        } catch (error) {
          expect(error).toMatchObject({ type: 'validation_failed', nonRetryable: true });
        }
      }
    }),
  );
});

test('a payment is named by a whole number', () => {
  expect(readSettledMessage({ paymentId: 88 })).toBe(88);
  expect(() => readSettledMessage({ paymentId: '88' })).toThrow(/whole number/);
});

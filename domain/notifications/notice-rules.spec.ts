import fc from 'fast-check';

import { mostAttempts, noticeLanguage, noticeMessageId, noticePriority, pauseAfter } from './notice-rules';
import { noticeKinds, noticePriorities } from './notice-types';

describe('priority', () => {
  it('is critical for a confirmed order and for money that did not come, and known for every kind', () => {
    expect(noticeKinds.filter((kind) => noticePriority(kind) === 'critical')).toEqual([
      'payment_failed',
      'payment_retry',
      'subscription_past_due',
      'subscription_expired',
      'order_confirmed',
      'order_payment_failed',
      'password_reset',
      'password_changed',
    ]);
    expect(noticeKinds.filter((kind) => !noticePriorities.includes(noticePriority(kind)))).toEqual([]);
  });

  it('is important for what a customer must know in time, normal for what goes on as agreed', () => {
    expect(noticePriority('trial_ending')).toBe('important');
    expect(noticePriority('renewal_upcoming')).toBe('important');
    expect(noticePriority('subscription_renewed')).toBe('normal');
  });
});

describe('tries', () => {
  it('are spaced further and further apart, and end', () => {
    const pauses = Array.from({ length: mostAttempts }, (_, index) => pauseAfter(index + 1));

    expect(pauses).toEqual([10_000, 60_000, 300_000, 1_800_000, 7_200_000, 21_600_000, null]);
  });

  it('never go on after the last one', () => {
    fc.assert(fc.property(fc.integer({ min: mostAttempts }), (attempts) => pauseAfter(attempts) === null));
  });
});

describe('Message-ID', () => {
  const id = fc.integer({ min: 1 });

  it('is the same for every try, and another for every notice and installation', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), id, id, (here, there, one, other) => {
        const isSame = noticeMessageId(here, one) === noticeMessageId(there, other);

        return isSame === (here === there && one === other);
      }),
    );
    expect(noticeMessageId('0b6e', 17)).toBe('<notice-17@0b6e.bmms.invalid>');
  });
});

it.each([
  ['vi-VN', 'vi'],
  ['vi', 'vi'],
  ['en-US', 'en'],
  ['fr-FR', 'en'],
  ['vie', 'en'],
])('%s is written to in %s', (locale, language) => {
  expect(noticeLanguage(locale)).toBe(language);
});

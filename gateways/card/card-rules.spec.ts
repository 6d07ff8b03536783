import fc from 'fast-check';
import { CARD_TOKENS, decideCardCharge, parseCardToken, severityOf } from './card-rules';

describe('the bank of the simulated card', () => {
  test.each([
    ['tok_ok', ['success', 'success', 'success', 'success']],
    ['tok_declined', ['card_declined', 'card_declined', 'card_declined', 'card_declined']],
    ['tok_fails_twice', ['insufficient_funds', 'insufficient_funds', 'success', 'success']],
    ['tok_timeout', ['pending', 'pending', 'pending', 'pending']],
    ['tok_expired', ['expired_card', 'expired_card', 'expired_card', 'expired_card']],
  ] as const)('decides %s by its name', (token, decisions) => {
    expect([0, 1, 2, 3].map((earlier) => decideCardCharge(token, earlier))).toEqual(decisions);
  });

  test('never changes its mind about an expired card, but may about money', () => {
    expect(severityOf('expired_card')).toBe('hard');
    expect(severityOf('card_declined')).toBe('soft');
    expect(severityOf('insufficient_funds')).toBe('soft');
  });

  test('knows its own tokens only', () => {
    expect(CARD_TOKENS.map(parseCardToken)).toEqual(CARD_TOKENS);
    fc.assert(
      fc.property(fc.string(), (token) => {
        fc.pre(!CARD_TOKENS.some((known) => known === token));

        expect(() => parseCardToken(token)).toThrow(
          expect.objectContaining({ code: 'payment_token_unknown', status: 422 }),
        );
      }),
    );
  });
});

import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import {
  canonicalQuery,
  hasValidSignature,
  hmacSha512,
  isSameHash,
  pipeJoined,
  signedQuery,
  signedUrl,
  signVnpayParams,
} from './vnpay-signature';

/** Published values: lehuygiang28/vnpay (MIT), recomputed with openssl. */
const published = {
  plain:
    '6274071d33dec2728a2a1c903697fc1210b3252221c3d137e12d9f1ae5c8ed53e05e692b05a9eefff289667e2387c0fc0bd8a3d9bd7000782730c856a77a77d5',
  query:
    '7bb8160a5d2085a85b3267817a40ee4f770a335282f19714726e6fc6f28a64c75a1e7e9c1aa96f3cbda5ce44095088fb4cb2af66c596d2f655b0b53966312089',
  paid: '649982421beb422556a1374713c74e58e716ecbd05007c0c0e1f7effdfaf361dbf146889ca446139afe11b9954c4d5c486e99e3b86fcfab6957f29eb0be72895',
  refused:
    '503194f6d93b57b357b2d1d09742565e67e86d771352c5dca4fc8d39df3d392c6b3809add9405f97cfb9631f445e36c80656cfbf47eac67d97fa165865c13e1b',
};
const callback = {
  vnp_Amount: '1000000',
  vnp_BankCode: 'NCB',
  vnp_BankTranNo: 'VNP14422574',
  vnp_CardType: 'ATM',
  vnp_OrderInfo: 'Thanh toan don hang 2024-05-21T02:17:31.249Z',
  vnp_PayDate: '20240521091806',
  vnp_TmnCode: 'TEST_TMN_CODE',
  vnp_TransactionNo: '14422574',
  vnp_TransactionStatus: '00',
  vnp_TxnRef: '1716257871703',
};

describe('published vectors', () => {
  test('a: hash of a plain text', () => {
    expect(hmacSha512('secret', 'data')).toBe(published.plain);
  });

  test('b: signed text with a number sign and spaces', () => {
    const params = {
      vnp_TnxRef: '1234567890',
      vnp_OrderInfo: 'Payment for order #1234567890',
      vnp_Amount: '10000',
    };

    expect(canonicalQuery(params)).toBe(
      'vnp_Amount=10000&vnp_OrderInfo=Payment+for+order+%231234567890&vnp_TnxRef=1234567890',
    );
    expect(signVnpayParams(params, 'YOUR_SECURE_SECRET')).toBe(published.query);
  });

  test.each([
    ['c', '00', published.paid],
    ['d', '99', published.refused],
  ])('%s: callback with response code %s', (_name, vnp_ResponseCode, hash) => {
    expect(signVnpayParams({ ...callback, vnp_ResponseCode }, 'test_secret')).toBe(hash);
    expect(hasValidSignature({ ...callback, vnp_ResponseCode, vnp_SecureHash: hash }, 'test_secret')).toBe(true);
  });
});

describe('the signed text', () => {
  test('leaves out empty values and both hash fields', () => {
    const params = { vnp_B: '2', vnp_A: '', vnp_SecureHash: 'x', vnp_SecureHashType: 'HMACSHA512' };

    expect(canonicalQuery(params)).toBe('vnp_B=2');
  });

  test('is sorted by name, not by name and value', () => {
    expect(canonicalQuery({ vnp_Ab: '1', vnp_A: '2', vnp_B: '3' })).toBe('vnp_A=2&vnp_Ab=1&vnp_B=3');
  });

  test('is what the address carries, byte for byte', () => {
    const params = { vnp_OrderInfo: 'Đơn hàng #5: a+b & c=d', vnp_Amount: '100' };
    const address = signedUrl('https://pay.example/page?lang=vi', params, 'k');

    expect(address).toBe(
      `https://pay.example/page?lang=vi&${canonicalQuery(params)}&vnp_SecureHash=${signVnpayParams(params, 'k')}`,
    );
    expect(address).not.toContain('vnp_SecureHashType');
  });
});

const name = fc.stringMatching(/^vnp_[A-Za-z]{1,12}$/).filter((text) => !text.startsWith('vnp_SecureHash'));
const awkward = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.string({
    unit: fc.constantFrom('#', ':', '+', '&', '=', ' ', '%', '/', '?', '*', '~', 'ộ', '₫', '😀'),
    minLength: 1,
  }),
);
const params = fc.dictionary(name, awkward, { minKeys: 1, noNullPrototype: true });
const secret = fc.string({ minLength: 1 });

describe('properties', () => {
  test('what was signed and sent as a query verifies on the other side', () => {
    fc.assert(
      fc.property(params, secret, (sent, key) => {
        const received = Object.fromEntries(new URLSearchParams(signedQuery(sent, key)));

        expect(hasValidSignature(received, key)).toBe(true);
        expect(received).toEqual({ ...sent, vnp_SecureHash: signVnpayParams(sent, key) });
      }),
    );
  });

  test('the order in which fields come does not matter', () => {
    fc.assert(
      fc.property(params, secret, (sent, key) => {
        const turned = Object.fromEntries(Object.entries(sent).reverse());

        expect(signVnpayParams(turned, key)).toBe(signVnpayParams(sent, key));
      }),
    );
  });

  test('any single field changed, added or taken away breaks the signature', () => {
    fc.assert(
      fc.property(params, secret, fc.nat(), awkward, (sent, key, position, value) => {
        const signed = { ...sent, vnp_SecureHash: signVnpayParams(sent, key) };
        const names = Object.keys(sent);
        const victim = names[position % names.length] ?? '';
        fc.pre(sent[victim] !== value);
        const { [victim]: _gone, ...without } = signed as Record<string, string>;

        expect(hasValidSignature({ ...signed, [victim]: value }, key)).toBe(false);
        expect(hasValidSignature({ ...signed, vnp_ZZZZZZZZZZZZZZ: value }, key)).toBe(false);
        expect(hasValidSignature({ ...without, vnp_SecureHash: signed.vnp_SecureHash }, key)).toBe(false);
      }),
    );
  });

  test('another secret does not verify', () => {
    fc.assert(
      fc.property(params, secret, secret, (sent, key, other) => {
        // HMAC pads keys with zero bytes, so a key and the same key with zeros behind it are one key.
        fc.pre(key.replace(/\0+$/, '') !== other.replace(/\0+$/, ''));

        expect(hasValidSignature({ ...sent, vnp_SecureHash: signVnpayParams(sent, key) }, other)).toBe(false);
      }),
    );
  });
});

describe('comparing hashes', () => {
  const right = hmacSha512('k', 'text');

  test('accepts upper case', () => {
    expect(isSameHash(right, right.toUpperCase())).toBe(true);
  });

  test.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['a shorter hash', right.slice(2)],
    ['a longer hash', `${right}00`],
    ['something that is no hex', `${right.slice(0, -1)}g`],
    ['a list', [right]],
    ['the hash of another algorithm', createHmac('sha256', 'k').update('text').digest('hex')],
  ])('refuses %s', (_name, given) => {
    expect(isSameHash(right, given)).toBe(false);
  });
});

test('pipe-joined texts keep the place of absent values', () => {
  expect(pipeJoined({ a: '1', c: '3' }, ['a', 'b', 'c', 'd'])).toBe('1||3|');
});

import fc from 'fast-check';
import { isAnswerTo, signMerchantRequest } from './call-merchant-api';
import { hmacSha512 } from './vnpay-signature';

const secret = 'secret-of-this-test';
const request = { vnp_TmnCode: 'BMMSDEMO', vnp_TxnRef: 'P5' };
const refundAnswer = {
  vnp_ResponseId: 'r1',
  vnp_Command: 'refund',
  vnp_ResponseCode: '00',
  vnp_Message: 'Success',
  vnp_TmnCode: 'BMMSDEMO',
  vnp_TxnRef: 'P5',
  vnp_Amount: '1000000',
  vnp_BankCode: 'NCB',
  vnp_PayDate: '20260302100000',
  vnp_TransactionNo: '14000001',
  vnp_TransactionType: '02',
  vnp_TransactionStatus: '05',
  vnp_OrderInfo: 'Hoan tien',
};
const queryAnswer = {
  ...refundAnswer,
  vnp_Command: 'querydr',
  vnp_TransactionType: '01',
  vnp_TransactionStatus: '00',
  vnp_PromotionCode: 'TET',
  vnp_PromotionAmount: '100000',
};
const signed = (answer: Record<string, string>): Record<string, string> => ({
  ...answer,
  vnp_SecureHash: hmacSha512(secret, Object.values(answer).join('|')),
});

test('requests are signed over their values in the protocol’s order', () => {
  const query = {
    vnp_OrderInfo: 'Truy van',
    vnp_IpAddr: '127.0.0.1',
    vnp_CreateDate: '20260302101430',
    vnp_TransactionDate: '20260302100000',
    vnp_TxnRef: 'P5',
    vnp_TmnCode: 'BMMSDEMO',
    vnp_Command: 'querydr',
    vnp_Version: '2.1.0',
    vnp_RequestId: 'q1',
  };
  const refund = { ...query, vnp_Command: 'refund', vnp_TransactionType: '03', vnp_Amount: '100', vnp_CreateBy: 'me' };

  expect(signMerchantRequest('querydr', query, secret).vnp_SecureHash).toBe(
    hmacSha512(secret, 'q1|2.1.0|querydr|BMMSDEMO|P5|20260302100000|20260302101430|127.0.0.1|Truy van'),
  );
  // The transaction number is optional; its place is kept.
  expect(signMerchantRequest('refund', refund, secret).vnp_SecureHash).toBe(
    hmacSha512(secret, 'q1|2.1.0|refund|BMMSDEMO|03|P5|100||20260302100000|me|20260302101430|127.0.0.1|Truy van'),
  );
});

describe.each([
  ['querydr', queryAnswer],
  ['refund', refundAnswer],
] as const)('an answer to %s', (command, answer) => {
  test('is VNPay’s when its hash is right', () => {
    expect(isAnswerTo(command, request, signed(answer), secret)).toBe(true);
  });

  test('is nobody’s when any field was changed or left out, or the hash is missing', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(answer)), fc.string(), (field, value) => {
        const original: Record<string, string> = answer;
        fc.pre(original[field] !== value);
        const { [field]: _gone, ...without } = signed(answer);

        expect(isAnswerTo(command, request, { ...signed(answer), [field]: value }, secret)).toBe(false);
        expect(isAnswerTo(command, request, without, secret)).toBe(false);
      }),
    );
    expect(isAnswerTo(command, request, answer, secret)).toBe(false);
  });

  test.each([
    ['another payment', { vnp_TxnRef: 'P6' }],
    ['another merchant', { vnp_TmnCode: 'SOMEBODY' }],
    ['another command', { vnp_Command: 'pay' }],
  ])('proves nothing when it is about %s, though signed', (_name, changes) => {
    expect(isAnswerTo(command, request, signed({ ...answer, ...changes }), secret)).toBe(false);
  });
});

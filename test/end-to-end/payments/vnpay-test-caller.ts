import { signedQuery, type VnpayParams } from '../../../gateways/vnpay/vnpay-signature';
import type { Answer } from '../../environment/api-client';
import { createApiClient } from '../../environment/api-client';

/** What the system under test was started with (test/environment/start-system.ts). */
const hashSecret = 'ENDTOENDTESTSONLYVNPAYSECRET0001';
const tmnCode = 'BMMSTEST';

interface NamedPayment {
  reference: string;
  amount: number;
}

export interface SandboxTransactionView {
  txnRef: string;
  transactionNo: string;
  refunds: { amount: number; type: string }[];
  ipn: { sent: number; answers: (string | null)[]; pending: number };
}

/** VNPay as a test plays it: through the sandbox server, or by calls signed by hand. */
export interface VnpayCaller {
  /** A customer opens the payment page and does what the sandbox's behaviour says. @returns where the browser goes */
  pay(paymentUrl: string, behaviour?: string): Promise<string>;
  /** The sandbox notifies again, `times` at once. @returns the merchant's codes */
  notify(
    reference: string,
    body?: { times?: number; responseCode?: string; transactionStatus?: string },
  ): Promise<string[]>;
  transaction(reference: string): Promise<SandboxTransactionView>;
  /** A notification signed by hand, about a payment of the given amount in VND. @returns the merchant's code */
  callIpn(payment: NamedPayment, fields?: Partial<VnpayParams>): Promise<string>;
  /** A notification as it is given: signed or not. */
  callIpnRaw(query: string): Promise<Answer>;
  signed(payment: NamedPayment, fields?: Partial<VnpayParams>): string;
}

export function createVnpayCaller(system: { url: string; sandboxUrl: string }): VnpayCaller {
  const api = createApiClient(system.url);
  const sandbox = createApiClient(system.sandboxUrl);
  const callIpnRaw = (query: string) => api.get(`//payments/vnpay/ipn?${query}`);
  const signed: VnpayCaller['signed'] = ({ reference, amount }, fields = {}) =>
    signedQuery(
      {
        vnp_Amount: String(amount * 100),
        vnp_BankCode: 'NCB',
        vnp_BankTranNo: 'VNP14000001',
        vnp_CardType: 'ATM',
        vnp_OrderInfo: 'Thanh toan don hang',
        vnp_PayDate: '20261121101500',
        vnp_ResponseCode: '00',
        vnp_TmnCode: tmnCode,
        vnp_TransactionNo: '14000001',
        vnp_TransactionStatus: '00',
        vnp_TxnRef: reference,
        ...fields,
      } as VnpayParams,
      hashSecret,
    );

  return {
    async pay(paymentUrl, behaviour = 'pay') {
      const { status, body } = await sandbox.post('//sandbox/pay', { paymentUrl, behaviour });

      if (status !== 200) {
        throw new Error(`The sandbox refused the payment: ${JSON.stringify(body)}`);
      }

      return body.returnUrl;
    },
    notify: async (reference, body = {}) =>
      (await sandbox.post(`//sandbox/transactions/${reference}/notify`, body)).body.answers,
    transaction: async (reference) => (await sandbox.get(`//sandbox/transactions/${reference}`)).body,
    callIpn: async (payment, fields) => (await callIpnRaw(signed(payment, fields))).body.RspCode,
    callIpnRaw,
    signed,
  };
}

/** Both codes of a customer who gave up on the page. */
export const gaveUp = { vnp_ResponseCode: '24', vnp_TransactionStatus: '02', vnp_TransactionNo: '0' };

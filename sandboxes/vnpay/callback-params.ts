import { type VnpayParams } from '../../gateways/vnpay/vnpay-signature';
import { type PaymentResult, type SandboxTransaction, type Verdict } from './sandbox-types';

/** Response codes of a customer who left before any bank was asked: VNPay then reports transaction number 0. */
const WITHOUT_BANK: ReadonlySet<string> = new Set(['24', '11']);

/** The fields of a return or notification about a decided payment, not yet signed. */
export function callbackParams(
  tmnCode: string,
  transaction: SandboxTransaction,
  result: PaymentResult,
  verdict: Verdict = result,
): VnpayParams {
  const hasBank = !WITHOUT_BANK.has(result.responseCode);

  return {
    vnp_Amount: String(result.amount),
    vnp_BankCode: result.bankCode,
    vnp_BankTranNo: hasBank ? `VNP${transaction.transactionNo}` : '',
    vnp_CardType: 'ATM',
    vnp_OrderInfo: transaction.orderInfo,
    vnp_PayDate: result.payDate,
    vnp_ResponseCode: verdict.responseCode,
    vnp_TmnCode: tmnCode,
    vnp_TransactionNo: hasBank ? transaction.transactionNo : '0',
    vnp_TransactionStatus: verdict.transactionStatus,
    vnp_TxnRef: transaction.txnRef,
  };
}

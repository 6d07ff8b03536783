import { type PageErrorCode } from './check-pay-request';
import { type Behaviour } from './sandbox-types';

export type PageLanguage = 'vi' | 'en';

interface PageTexts {
  title: string;
  notice: string;
  otherLanguage: string;
  amount: string;
  order: string;
  reference: string;
  merchant: string;
  timeLeft: string;
  pay: string;
  decline: string;
  cancel: string;
  advanced: string;
  advancedIntro: string;
  working: string;
  errorTitle: string;
  errorField: string;
  errors: Readonly<Record<PageErrorCode, string>>;
  /** What the advanced buttons do: name and explanation. */
  behaviours: Readonly<Record<AdvancedBehaviour, readonly [string, string]>>;
}

export const ADVANCED_BEHAVIOURS = [
  'wrong_amount',
  'duplicate_ipn',
  'late_failure',
  'ipn_lost',
  'slow',
  'suspect',
] as const satisfies readonly Behaviour[];
export type AdvancedBehaviour = (typeof ADVANCED_BEHAVIOURS)[number];

const vi: PageTexts = {
  title: 'Thanh toán thử nghiệm',
  notice: 'Môi trường thử nghiệm: không có tiền thật nào được chuyển.',
  otherLanguage: 'English',
  amount: 'Số tiền thanh toán',
  order: 'Nội dung',
  reference: 'Mã giao dịch',
  merchant: 'Đơn vị bán hàng',
  timeLeft: 'Giao dịch hết hạn sau',
  pay: 'Thanh toán',
  decline: 'Ngân hàng từ chối',
  cancel: 'Hủy giao dịch',
  advanced: 'Tình huống khó',
  advancedIntro: 'Tiền được chuyển, nhưng có điều bất thường xảy ra với thông báo tới cửa hàng (IPN).',
  working: 'Đang xử lý…',
  errorTitle: 'Không thể thanh toán',
  errorField: 'Tham số',
  errors: {
    '70': 'Chữ ký không hợp lệ.',
    '72': 'Không tìm thấy đơn vị bán hàng.',
    '03': 'Dữ liệu gửi sang không đúng định dạng.',
    '15': 'Liên kết thanh toán đã hết hạn.',
    '94': 'Mã giao dịch này đã được dùng cho một thanh toán khác.',
  },
  behaviours: {
    wrong_amount: ['Sai số tiền', 'Chỉ một nửa số tiền được trả'],
    duplicate_ipn: ['Thông báo lặp', 'Ba IPN giống nhau cùng lúc'],
    late_failure: ['Báo lỗi muộn', 'Thành công, sau đó một IPN thất bại'],
    ipn_lost: ['Mất thông báo', 'Đã trả tiền nhưng không có IPN nào'],
    slow: ['Chậm', 'Trình duyệt quay về trước, IPN đến sau'],
    suspect: ['Nghi ngờ gian lận', 'Mã 07: tiền đã trừ, giao dịch bị giữ lại'],
  },
};

const en: PageTexts = {
  title: 'Test payment',
  notice: 'Test environment: no real money moves.',
  otherLanguage: 'Tiếng Việt',
  amount: 'Amount to pay',
  order: 'Order',
  reference: 'Reference',
  merchant: 'Merchant',
  timeLeft: 'Expires in',
  pay: 'Pay',
  decline: 'Decline (bank)',
  cancel: 'Cancel',
  advanced: 'Difficult cases',
  advancedIntro: 'The money is paid, but something unusual happens to the notification of the shop (IPN).',
  working: 'Working…',
  errorTitle: 'This payment cannot be made',
  errorField: 'Parameter',
  errors: {
    '70': 'The signature is wrong.',
    '72': 'There is no such merchant.',
    '03': 'The data sent is not in the right format.',
    '15': 'The payment link has expired.',
    '94': 'This reference was used for another payment.',
  },
  behaviours: {
    wrong_amount: ['Wrong amount', 'Only half of the amount is paid'],
    duplicate_ipn: ['Repeated notification', 'Three equal IPNs at once'],
    late_failure: ['Late failure', 'Success, then an IPN that says failed'],
    ipn_lost: ['Lost notification', 'Paid, but no IPN is ever sent'],
    slow: ['Slow', 'The browser returns first, the IPN later'],
    suspect: ['Suspected fraud', 'Code 07: deducted, but held back'],
  },
};

export const pageTexts: Readonly<Record<PageLanguage, PageTexts>> = { vi, en };

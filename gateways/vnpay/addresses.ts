/** Where VNPay sends the customer's browser, and where its server tells us of payments: routes of our API. */
export const vnpayReturnPath = '/api/v1/payments/vnpay/return';
export const vnpayIpnPath = '/api/v1/payments/vnpay/ipn';

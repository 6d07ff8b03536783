import { appPassword } from '../environment/test-database';

/** What `.env` holds in a rehearsal. Never secrets of anything real. */
export const rehearsedEnvironment = {
  JWT_SECRET: 'rehearsal-only-jwt-secret-0123456789abcdef',
  POSTGRES_PASSWORD: 'rehearsal-superuser',
  BMMS_OWNER_PASSWORD: 'rehearsal-owner',
  // Tests that make databases of their own beside it set this password for the whole server.
  BMMS_APP_PASSWORD: appPassword,
  TEMPORAL_DATABASE_PASSWORD: 'rehearsal-temporal',
  GRAFANA_PASSWORD: 'rehearsal-grafana',
  // Tests sign as VNPay does, with this merchant's.
  VNPAY_TMN_CODE: 'BMMSTEST',
  VNPAY_HASH_SECRET: 'ENDTOENDTESTSONLYVNPAYSECRET0001',
  VNPAY_PAY_URL: 'https://vnpay.example/paymentv2/vpcpay.html',
  VNPAY_API_URL: 'https://vnpay.example/merchant_webapi/api/transaction',
  PUBLIC_URL: 'https://shop.example',
};

/**
 * What differs from production where tests buy: play money and a mail catcher of this machine, test clocks, no limit of
 * requests.
 */
export function testChanges(ports: {
  api: number;
  sandbox: number;
  mail: number;
  smtp: number;
}): Record<string, string> {
  return {
    NODE_ENV: 'test',
    DEFAULT_COMPANY: 'demo',
    PUBLIC_URL: `http://127.0.0.1:${ports.api}`,
    RATE_LIMIT_PER_MINUTE: '0',
    VNPAY_SANDBOX_PORT: String(ports.sandbox),
    VNPAY_PAY_URL: `http://127.0.0.1:${ports.sandbox}/paymentv2/vpcpay.html`,
    VNPAY_API_URL: `http://127.0.0.1:${ports.sandbox}/merchant_webapi/api/transaction`,
    VNPAY_IPN_RETRY_MS: '300',
    MAIL_SANDBOX_PORT: String(ports.mail),
    MAIL_SANDBOX_SMTP_PORT: String(ports.smtp),
    // As at the end-to-end tests: unset, it is the catcher.
    MAIL_URL: '',
    MAIL_FROM: '',
  };
}

/**
 * What the parts of the product are told through their environment.
 * @typedef {object} ServiceAddresses
 * @property {number} apiPort
 * @property {string} host
 * @property {string} databaseHost host:port
 * @property {string} temporalAddress
 * @property {string | undefined} temporalUiUrl
 * @property {number | null} sandboxPort null: the person has named a VNPay of their own
 * @property {{ page: number, smtp: number } | null} mail ports of the mail catcher; null: there is none
 * @property {number} workerHealthPort
 * @property {number} workerMetricsPort
 */

/**
 * @param {NodeJS.ProcessEnv} base what the person set; it wins where that makes sense
 * @param {ServiceAddresses} addresses @param {import('../bootstrap/secrets.mjs').Secrets} secrets
 * @returns {{ service: NodeJS.ProcessEnv, admin: NodeJS.ProcessEnv }} admin: for migrate, seed and installation only
 */
export function serviceEnvironment(base, addresses, secrets) {
  const { sandboxPort, mail } = addresses;
  const sandbox = `http://127.0.0.1:${sandboxPort}`;
  const service = {
    ...withoutPostgresVariables(base),
    NODE_ENV: base.NODE_ENV || 'development',
    HOST: addresses.host,
    PORT: String(addresses.apiPort),
    DATABASE_URL: `postgresql://bmms_app:${secrets.postgresAppPassword}@${addresses.databaseHost}/bmms`,
    TEMPORAL_ADDRESS: addresses.temporalAddress,
    ...(addresses.temporalUiUrl ? { TEMPORAL_UI_URL: addresses.temporalUiUrl } : {}),
    JWT_SECRET: base.JWT_SECRET || secrets.jwtSecret,
    WORKER_HEALTH_PORT: String(addresses.workerHealthPort),
    TEMPORAL_METRICS_PORT: String(addresses.workerMetricsPort),
    ...(sandboxPort === null
      ? {}
      : {
          VNPAY_TMN_CODE: 'BMMSDEMO',
          VNPAY_HASH_SECRET: secrets.vnpayHashSecret,
          VNPAY_SANDBOX_PORT: String(sandboxPort),
          VNPAY_PAY_URL: `${sandbox}/paymentv2/vpcpay.html`,
          VNPAY_API_URL: `${sandbox}/merchant_webapi/api/transaction`,
        }),
    ...(mail === null
      ? {}
      : {
          MAIL_URL: `smtp://127.0.0.1:${mail.smtp}`,
          MAIL_SANDBOX_PORT: String(mail.page),
          MAIL_SANDBOX_SMTP_PORT: String(mail.smtp),
        }),
  };
  const admin = {
    ...service,
    DATABASE_ADMIN_URL: `postgresql://bmms_owner:${secrets.postgresAdminPassword}@${addresses.databaseHost}/bmms`,
    DATABASE_APP_PASSWORD: secrets.postgresAppPassword,
  };

  return { service, admin };
}

/** @param {NodeJS.ProcessEnv} base PGHOST and its kin would change what a connection URL leaves open */
function withoutPostgresVariables(base) {
  return Object.fromEntries(
    Object.entries(base).filter(
      ([name]) => !/^PG[A-Z]+$/.test(name) && name !== 'DATABASE_ADMIN_URL' && name !== 'DATABASE_APP_PASSWORD',
    ),
  );
}

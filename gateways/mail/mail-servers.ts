import type { Config } from '../../platform/config';

/** Loopback is this machine: whatever listens there catches mail, it does not deliver it. */
const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);

/**
 * Which servers mail goes through. Outside production it is the sandbox where nothing else is named. Mail of customers on
 * a test clock goes to MAIL_TEST_URL, or, outside production, to the server of this machine; never to a real one (D26).
 */
export function mailServers(
  config: Pick<Config, 'isProduction' | 'MAIL_URL' | 'MAIL_TEST_URL' | 'MAIL_SANDBOX_SMTP_PORT'>,
): { customers: string | null; testCustomers: string | null } {
  const { isProduction, MAIL_URL, MAIL_TEST_URL, MAIL_SANDBOX_SMTP_PORT } = config;
  const customers = MAIL_URL ?? (isProduction ? null : `smtp://127.0.0.1:${MAIL_SANDBOX_SMTP_PORT}`);
  const isCatcher = !isProduction && customers !== null && loopback.has(new URL(customers).hostname);

  return { customers, testCustomers: MAIL_TEST_URL ?? (isCatcher ? customers : null) };
}

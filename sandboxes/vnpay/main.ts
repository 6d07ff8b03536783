import { z } from 'zod';
import { startVnpaySandbox, type VnpaySandbox } from './start-vnpay-sandbox';

const DEVELOPMENT_RETRY_MS = 2_000;

const SandboxEnvironment = z.object({
  NODE_ENV: z.string().default('development'),
  VNPAY_SANDBOX_PORT: z.coerce.number().int().min(0).max(65535).default(3200),
  VNPAY_TMN_CODE: z.string().length(8),
  VNPAY_HASH_SECRET: z.string().min(16),
  VNPAY_IPN_URL: z.url(),
  VNPAY_SANDBOX_STATE: z.string().optional(),
  VNPAY_IPN_RETRY_MS: z.coerce.number().int().min(10).default(DEVELOPMENT_RETRY_MS),
});

/**
 * Starts the sandbox from variables that the caller hands over (nothing is read from the process):
 * VNPAY_SANDBOX_PORT (3200), VNPAY_TMN_CODE, VNPAY_HASH_SECRET, VNPAY_IPN_URL, VNPAY_SANDBOX_STATE (a file; without it
 * payments are forgotten on a restart), VNPAY_IPN_RETRY_MS (2000).
 *
 * @throws Error in one sentence for a variable that is missing or wrong, and always in production
 */
export async function runVnpaySandbox(env: Readonly<Record<string, string | undefined>>): Promise<VnpaySandbox> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = SandboxEnvironment.safeParse(given);

  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The VNPay sandbox cannot start. ${problems.join('; ')}`);
  }
  const values = parsed.data;

  if (values.NODE_ENV === 'production') {
    throw new Error('The VNPay sandbox moves play money and does not run in production.');
  }

  return startVnpaySandbox({
    port: values.VNPAY_SANDBOX_PORT,
    tmnCode: values.VNPAY_TMN_CODE,
    hashSecret: values.VNPAY_HASH_SECRET,
    ipnUrl: values.VNPAY_IPN_URL,
    ipnRetryMs: values.VNPAY_IPN_RETRY_MS,
    ...(values.VNPAY_SANDBOX_STATE === undefined ? {} : { stateFile: values.VNPAY_SANDBOX_STATE }),
  });
}

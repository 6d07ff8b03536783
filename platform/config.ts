import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';

import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65535);
const mailServer = z.string().regex(/^smtps?:\/\/[^\s]+$/, 'is not an address such as smtp://user:password@host:587');
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** As Express takes them: so many hops, or loopback, linklocal, uniquelocal, addresses and networks. */
function isProxyList(text: string): boolean {
  return (
    /^\d$/.test(text) ||
    text.split(',').every((one) => {
      const [address = '', bits] = one.trim().split('/');

      return (
        ['loopback', 'linklocal', 'uniquelocal'].includes(address) || (isIP(address) > 0 && /^\d+$/.test(bits ?? '0'))
      );
    })
  );
}

/** Development defaults that production refuses. They are public on purpose. */
export const developmentSecrets = {
  jwt: 'development-only-jwt-secret-0123456789abcdef',
  vnpay: 'DEVELOPMENTONLYVNPAYSECRET000000',
} as const;

const Environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(3000),
  PUBLIC_URL: z.url().optional(),
  CORS_ORIGINS: z.string().default('*'),
  TRUST_PROXY: z
    .string()
    .refine(isProxyList, 'a number of proxies, or their addresses separated by commas')
    .transform((text) => (/^\d$/.test(text) ? Number(text) : text))
    .default(0),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  DATABASE_URL: z.string().default('postgresql://bmms_app@127.0.0.1:5432/bmms'),
  DATABASE_ADMIN_URL: z.string().optional(),
  DATABASE_APP_PASSWORD: z.string().optional(),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(200).default(16),
  TEMPORAL_ADDRESS: z.string().default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_UI_URL: z.string().optional(),
  TEMPORAL_METRICS_PORT: port.optional(),
  WORKER_HEALTH_PORT: port.default(3100),
  // Of one company, at one instant: more would wait in Temporal's queues, and orders behind them. A third of each core.
  RENEWALS_PER_SECOND: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(4 * availableParallelism()),
  WORKFLOW_STACK_TRACES: flag.default(false),
  WORKER_CACHED_WORKFLOWS: z.coerce.number().int().min(10).default(200),
  JWT_SECRET: z.string().min(32).default(developmentSecrets.jwt),
  DEFAULT_COMPANY: z.string().default('demo'),
  API_METRICS: flag.optional(),
  API_DOCS: flag.default(true),
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(0).default(600),
  ANSWER_DEADLINE_SECONDS: z.coerce.number().int().min(3).max(60).default(25),
  MAX_PLACEMENTS: z.coerce.number().int().min(1).default(64),
  VNPAY_TMN_CODE: z.string().length(8).default('BMMSDEMO'),
  VNPAY_HASH_SECRET: z.string().min(16).default(developmentSecrets.vnpay),
  VNPAY_PAY_URL: z.url().default('http://127.0.0.1:3200/paymentv2/vpcpay.html'),
  VNPAY_API_URL: z.url().default('http://127.0.0.1:3200/merchant_webapi/api/transaction'),
  VNPAY_SANDBOX_PORT: port.default(3200),
  MAIL_URL: mailServer.optional(),
  MAIL_FROM: z.email().optional(),
  MAIL_TEST_URL: mailServer.optional(),
  MAIL_SANDBOX_SMTP_PORT: port.default(3325),
  MAIL_SANDBOX_PORT: port.default(3300),
  // Where deployments go (D31): a cluster only when it is named, or the one this runs in.
  DEPLOYMENT_TARGET: z.enum(['local', 'kubernetes', 'directory']).default('local'),
  MANIFESTS_FOLDER: z.string().optional(),
  // What is done about a target that is not as it was deployed, and how often that is looked at.
  DRIFT_MODE: z.enum(['off', 'warn', 'mend']).default('warn'),
  DRIFT_EVERY_SECONDS: z.coerce.number().int().min(5).max(86_400).default(300),
  // Whether a service that begins on a cluster is asked for an answer over Temporal, or is good when its pods are ready (D33).
  SMOKE_CHECK: z.enum(['answer', 'readiness']).default('answer'),
  KUBECONFIG: z.string().optional(),
  KUBERNETES_CONTEXT: z.string().optional(),
  KUBERNETES_SERVICE_HOST: z.string().optional(),
  NAMESPACE_PREFIX: z
    .string()
    .regex(/^([a-z0-9]([-a-z0-9]{0,40})-|-)$/, 'takes lower-case letters and digits, then a hyphen')
    .transform((text) => (text === '-' ? '' : text))
    .default('bmms-'),
  BMMS_IMAGE: z.string().optional(),
  POD_TEMPORAL_ADDRESS: z.string().optional(),
  ROLLOUT_DEADLINE_SECONDS: z.coerce.number().int().min(1).max(3_600).default(120),
  // Sentences are read by rules; also by Gemini where there is a key and the company has asked for it (D32).
  GEMINI_API_KEY: z.string().min(8).optional(),
  GEMINI_MODEL: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{0,60}$/, 'takes the name of a model, such as gemini-2.5-flash')
    .default('gemini-2.5-flash'),
  GEMINI_BASE_URL: z.url().optional(),
  // Seeds of a new company's settings (D15): the documents' variables.
  BILLING_MODE: z.enum(['onetime', 'recurring', 'freemium']).optional(),
  TAX_RATE: z
    .string()
    .regex(/^(0(\.\d{1,6})?|1(\.0{1,6})?)$/, 'takes 0 to 1 with at most six decimals')
    .default('0.1'),
  FREE_TIER: flag.optional(),
  ADDON_ENABLED: flag.optional(),
  SUBSCRIPTION_ENABLED: flag.optional(),
});

/** Every variable that is read. */
export const configurationNames: readonly string[] = Object.keys(Environment.shape);

export type Config = Readonly<ReturnType<typeof parseConfig>>;

function parseConfig(environment: Record<string, string | undefined>) {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = Environment.safeParse(given);

  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The environment is not usable. ${problems.join('; ')}`);
  }

  const values = parsed.data;
  const isProduction = values.NODE_ENV === 'production';
  const defaults = [
    ['JWT_SECRET', values.JWT_SECRET === developmentSecrets.jwt],
    ['VNPAY_HASH_SECRET', values.VNPAY_HASH_SECRET === developmentSecrets.vnpay],
  ] as const;
  const refused = defaults.filter(([, isDefault]) => isProduction && isDefault).map(([name]) => name);

  if (refused.length > 0) {
    throw new Error(`NODE_ENV=production refuses default secrets. Set ${refused.join(' and ')}.`);
  }

  if (isProduction && values.MAIL_URL !== undefined && values.MAIL_FROM === undefined) {
    throw new Error('NODE_ENV=production with MAIL_URL needs MAIL_FROM, the address that mail comes from.');
  }

  return {
    ...values,
    isProduction,
    // Figures are nobody's business on a port that the world reaches, unless somebody says so.
    API_METRICS: values.API_METRICS ?? !isProduction,
    publicUrl: values.PUBLIC_URL ?? `http://${values.HOST}:${values.PORT}`,
  };
}

/**
 * Reads the configuration once, at the start of a process; everything else gets it handed in.
 * @throws Error with one sentence that names each variable that is wrong.
 */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  return Object.freeze(parseConfig(environment));
}

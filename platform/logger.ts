import { pino, type Logger, type LoggerOptions } from 'pino';

import { createLogDestination } from './log-destination';

export type { Logger } from 'pino';

/** Paths that never reach a log line, whoever logs them. */
const secrets = [
  'password',
  'passwordHash',
  'accessToken',
  'refreshToken',
  'paymentToken',
  'token',
  'secret',
  'vnp_SecureHash',
  'authorization',
  'cookie',
];

export const redactedPaths = [
  ...secrets,
  ...secrets.map((name) => `*.${name}`),
  ...secrets.map((name) => `*.*.${name}`),
  'req.headers.authorization',
  'req.headers.cookie',
];

/** One JSON logger per process; children carry request, company and workflow ids. */
export function createLogger(options: {
  level: string;
  name: string;
  /** Standard output unless given. */
  descriptor?: number;
}): Logger {
  const settings: LoggerOptions = {
    name: options.name,
    level: options.level,
    redact: { paths: redactedPaths, censor: '[redacted]' },
    base: { name: options.name, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };

  return pino(settings, createLogDestination(options.descriptor ?? 1));
}

import { readFileSync } from 'node:fs';
import { writeFileWhole } from '../bootstrap/write-file-whole.mjs';

/**
 * Where everything answers, in .bmms/endpoints.json while it is up. Only its owner can read the file: `environment` holds
 * what a command of the CLI needs to work on this installation, passwords included.
 * @typedef {object} Endpoints
 * @property {number} pid the supervisor
 * @property {string} startedAt
 * @property {string} api
 * @property {string} docs
 * @property {string} temporalAddress
 * @property {string | null} temporalUi
 * @property {string | null} vnpaySandbox
 * @property {string | null} mail the page of the mail catcher
 * @property {string} workerHealth
 * @property {string} postgres host:port
 * @property {{ email: string, password: string }[]} demoAccounts none in production
 * @property {Record<string, string>} environment
 */

/** Accounts that the first start seeds. */
export const DEMO_ACCOUNTS = ['admin@demo.test', 'customer@demo.test'].map((email) => ({
  email,
  password: 'demo-password-1',
}));

/** @param {string} file @param {Endpoints} endpoints */
export function writeEndpoints(file, endpoints) {
  writeFileWhole(file, `${JSON.stringify(endpoints, null, 2)}\n`, 0o600);
}

/** @param {string} file @returns {Endpoints | null} null when nothing is up */
export function readEndpoints(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/**
 * @param {Endpoints} endpoints @param {{ took: string, dataFolder: string }} more
 * @returns {string} what `npm start` prints last
 */
export function summariseEndpoints(endpoints, { took, dataFolder }) {
  const accounts = endpoints.demoAccounts.map(({ email }) => email).join(', ');
  const rows = [
    ['API', `${endpoints.api}/api/v1`],
    ['API reference', endpoints.docs],
    ['Temporal Web UI', endpoints.temporalUi ?? 'of the server you named'],
    ['VNPay sandbox', endpoints.vnpaySandbox ?? 'not started: VNPAY_PAY_URL is set'],
    [
      'Mail',
      endpoints.mail ? `${endpoints.mail}  (caught, nothing leaves this machine)` : mailWithoutCatcher(endpoints),
    ],
    ...(accounts ? [['Log in as', `${accounts}; password ${endpoints.demoAccounts[0]?.password}`]] : []),
    ['Data and logs', dataFolder],
  ];

  return [
    `\nbmms is up (${took}).`,
    ...rows.map(([label = '', value]) => `  ${label.padEnd(17)}${value}`),
    'Ctrl-C stops it; the data stay.',
  ].join('\n');
}

/** @param {Endpoints} endpoints */
function mailWithoutCatcher({ demoAccounts }) {
  return demoAccounts.length > 0 ? 'by the server that MAIL_URL names' : 'only where MAIL_URL is set';
}

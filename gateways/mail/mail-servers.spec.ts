import { readConfig } from '../../platform/config';
import { mailServers } from './mail-servers';

const production = {
  NODE_ENV: 'production',
  JWT_SECRET: 'a-secret-of-this-test-0123456789-abcdef',
  VNPAY_HASH_SECRET: 'A-SECRET-OF-THIS-TEST',
  MAIL_FROM: 'shop@example.com',
};
const serversOf = (environment: Record<string, string>) => mailServers(readConfig(environment));
const real = 'smtps://user:secret@mail.example.com';
const sandbox = 'smtp://127.0.0.1:3325';

it.each([
  ['development, nothing named', {}, sandbox, sandbox],
  ['development, a real server', { MAIL_URL: real }, real, null],
  ['development, a real server and a catcher', { MAIL_URL: real, MAIL_TEST_URL: sandbox }, real, sandbox],
  [
    'development, a catcher of this machine',
    { MAIL_URL: 'smtp://localhost:1025' },
    'smtp://localhost:1025',
    'smtp://localhost:1025',
  ],
  ['production, nothing named', production, null, null],
  ['production, a real server', { ...production, MAIL_URL: real }, real, null],
  [
    'production, a relay on this machine',
    { ...production, MAIL_URL: 'smtp://127.0.0.1:25' },
    'smtp://127.0.0.1:25',
    null,
  ],
  ['production, a catcher beside it', { ...production, MAIL_URL: real, MAIL_TEST_URL: sandbox }, real, sandbox],
])('%s: where mail goes, and where that of test clocks', (_, environment, customers, testCustomers) => {
  expect(serversOf(environment as Record<string, string>)).toEqual({ customers, testCustomers });
});

it('refuses what is no mail server, and a production without a sender', () => {
  expect(() => serversOf({ MAIL_URL: 'https://mail.example.com' })).toThrow('MAIL_URL: is not an address such as');
  expect(() => serversOf({ ...production, MAIL_FROM: '', MAIL_URL: real })).toThrow('needs MAIL_FROM');
});

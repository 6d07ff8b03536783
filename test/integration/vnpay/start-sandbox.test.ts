import { runVnpaySandbox } from '../../../sandboxes/vnpay/main';
import { startVnpaySandbox } from '../../../sandboxes/vnpay/start-vnpay-sandbox';

const env = {
  VNPAY_SANDBOX_PORT: '0',
  VNPAY_TMN_CODE: 'BMMSTEST',
  VNPAY_HASH_SECRET: 'only-for-tests-0123456789',
  VNPAY_IPN_URL: 'http://127.0.0.1:1/ipn',
};

test('starts from variables, answers, and frees its port when closed', async () => {
  const sandbox = await runVnpaySandbox(env);
  expect((await fetch(`${sandbox.url}/sandbox/health`)).status).toBe(200);
  await sandbox.close();

  const again = await runVnpaySandbox({ ...env, VNPAY_SANDBOX_PORT: String(sandbox.port) });
  expect(again.url).toBe(sandbox.url);
  await again.close();
});

test('closes while a request hangs', async () => {
  const sandbox = await runVnpaySandbox(env);
  await fetch(`${sandbox.url}/sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ fault: 'hang' }),
  });
  const hanging = fetch(sandbox.apiUrl, { method: 'POST', body: '{}' });
  const outcome = expect(hanging).rejects.toThrow();
  await fetch(`${sandbox.url}/sandbox/health`);
  await sandbox.close();
  await outcome;
});

test('does not run in production', async () => {
  await expect(runVnpaySandbox({ ...env, NODE_ENV: 'production' })).rejects.toThrow('does not run in production');
});

test('names each variable that is missing', async () => {
  await expect(runVnpaySandbox({ ...env, VNPAY_TMN_CODE: '', VNPAY_IPN_URL: undefined })).rejects.toThrow(
    /VNPAY_TMN_CODE.*VNPAY_IPN_URL/,
  );
});

test('listens on this machine only', async () => {
  const options = { port: 0, tmnCode: 'BMMSTEST', hashSecret: 'only-for-tests', ipnUrl: 'http://127.0.0.1:1/' };

  await expect(startVnpaySandbox({ ...options, host: '0.0.0.0' })).rejects.toThrow('this machine only');
});

test('says which port is taken', async () => {
  const sandbox = await runVnpaySandbox(env);

  await expect(runVnpaySandbox({ ...env, VNPAY_SANDBOX_PORT: String(sandbox.port) })).rejects.toThrow(
    `Port ${sandbox.port}, which the VNPay sandbox wants, is taken.`,
  );
  await sandbox.close();
});

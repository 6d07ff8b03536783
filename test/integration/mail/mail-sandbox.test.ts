import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { createMailGateway } from '../../../gateways/mail/create-mail-gateway';
import { type MailSandbox, startMailSandbox } from '../../../sandboxes/mail/start-mail-sandbox';

let folder: string;
let stateFile: string;
let sandbox: MailSandbox;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'mail-sandbox-'));
  stateFile = path.join(folder, 'deep', 'mails.jsonl');
  sandbox = await begin();
});

afterEach(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const begin = () => startMailSandbox({ port: 0, smtpPort: 0, stateFile, keep: 3 });

async function send(nth: number, fields: { address?: string; subject?: string; html?: string; text?: string } = {}) {
  const gateway = createMailGateway({ url: sandbox.smtpUrl, from: 'shop@bmms.test' });
  const outcome = await gateway.send({
    messageId: `<notice-${nth}@test.invalid>`,
    fromName: 'Trà Sen',
    to: { name: 'Lan, "L"', address: fields.address ?? `lan-${nth}@shop.test` },
    subject: fields.subject ?? `Thư số ${nth}`,
    text: fields.text ?? 'Xin chào',
    html: fields.html ?? '<!doctype html><html><head></head><body><p>Xin chào</p></body></html>',
    language: 'vi',
  });
  gateway.close();

  return outcome;
}

const read = async (target: string, init?: RequestInit) => {
  const answer = await fetch(`${sandbox.url}${target}`, init);

  return { status: answer.status, policy: answer.headers.get('content-security-policy'), text: await answer.text() };
};
const messages = async (query = '') =>
  (JSON.parse((await read(`/messages${query}`)).text) as { data: { id: number; subject: string; to: string[] }[] })
    .data;

it('keeps the newest mails, over a restart too, in a file that does not grow without end', async () => {
  for (let nth = 1; nth <= 9; nth += 1) {
    expect(await send(nth)).toEqual({ isAccepted: true });
  }
  expect(readFileSync(stateFile, 'utf8').split('\n').length).toBeLessThanOrEqual(7);
  await sandbox.close();
  writeFileSync(stateFile, '{"id":10,"subj', { flag: 'a' });
  sandbox = await begin();
  await send(10);

  expect((await messages()).map(({ id, subject }) => [id, subject])).toEqual([
    [10, 'Thư số 10'],
    [9, 'Thư số 9'],
    [8, 'Thư số 8'],
  ]);
});

it('finds mails by a part of the address, and forgets all when told to', async () => {
  await send(1, { address: 'An@shop.test' });
  await send(2, { address: 'binh@other.test' });

  expect((await messages('?to=an@SHOP')).map(({ to }) => to)).toEqual([['An@shop.test']]);
  expect((await read('/?to=other')).text).not.toContain('An@shop.test');
  expect((await read('/messages', { method: 'DELETE' })).status).toBe(204);
  expect(await messages()).toEqual([]);
  expect((await read('/')).text).toContain('No mail yet.');
});

it('shows a mail with its text, and its HTML in a frame where nothing can run', async () => {
  const html = '<html><head></head><body><script>parent.pwned = 1</script><b>Chào</b></body></html>';
  await send(1, { subject: '<img src=x onerror=alert(1)>', text: '<script>1</script>', html });
  const [mail] = await messages();
  const list = await read('/');
  const page = await read(`/mail/${mail?.id}`);
  const frame = await read(`/mail/${mail?.id}/html`);

  for (const { status, policy, text } of [list, page]) {
    expect([status, text.includes('<img'), text.includes('<script>')]).toEqual([200, false, false]);
    expect(policy).toMatch(/^default-src 'none'; style-src 'nonce-[^']+';.*frame-ancestors 'none'$/);
  }
  expect(page.text).toContain('&lt;script&gt;1&lt;/script&gt;');
  expect(page.text).toMatch(/<iframe [^>]*sandbox="allow-popups allow-popups-to-escape-sandbox"/);
  expect(frame.text).toContain('<b>Chào</b>');
  expect(frame.policy).toContain("default-src 'none'; style-src 'unsafe-inline'");
  expect(frame.policy).toMatch(/sandbox allow-popups allow-popups-to-escape-sandbox$/);
  expect((await read('/mail/999')).status).toBe(404);
});

it('answers under no name but this machine’s own', async () => {
  const status = await new Promise((resolve, reject) => {
    request(`${sandbox.url}/messages`, { headers: { host: 'evil.test' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

  expect(status).toBe(421);
});

it('refuses a mail that is larger than any notice, for good', async () => {
  expect(await send(1, { text: 'x'.repeat(1_100_000) })).toMatchObject({ isAccepted: false });
  expect(await messages()).toEqual([]);
});

it('says in a sentence which port is taken, and which line of its file is damaged', async () => {
  const { port } = new URL(sandbox.smtpUrl);
  await expect(startMailSandbox({ port: 0, smtpPort: Number(port) })).rejects.toThrow(
    `Port ${port}, which the mail sandbox wants, is taken. Set MAIL_SANDBOX_SMTP_PORT.`,
  );
  writeFileSync(stateFile, 'what\n');
  await expect(begin()).rejects.toThrow(`cannot read line 1 of ${stateFile}`);
});

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import path from 'node:path';

import { projectFolder } from '../../environment/servers';
import { signUpCompany, testSystem } from '../../environment/test-system';

const system = testSystem();
const password = 'correct-password';

/** Runs `bmms user create` as an operator at a terminal would. */
async function createUser(
  args: string[],
  given: { input?: string; env?: Record<string, string> },
): Promise<{ code: number | null; output: string; complaint: string }> {
  const child = spawn(process.execPath, [path.join(projectFolder, 'dist/cli/bmms.js'), 'user', 'create', ...args], {
    env: { PATH: process.env['PATH'], DATABASE_URL: system.appUrl, JWT_SECRET: system.jwtSecret, ...given.env },
  });
  child.stdin.end(given.input ?? '');
  const [output, complaint, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);

  return { code, output, complaint };
}

it('is made at the terminal, signs in, and may see every company', async () => {
  const email = `operator-${randomUUID()}@bmms.test`;
  const made = await createUser(['--role', 'super_admin', '--email', email], { env: { BMMS_PASSWORD: password } });
  const session = await system.api.post('/auth/login', { email, password });
  const operator = system.api.with({ token: session.body.accessToken });

  expect(made).toEqual({ code: 0, output: `Created super_admin ${email} of the company demo.\n`, complaint: '' });
  expect(session.body.user.role).toBe('super_admin');
  expect((await operator.get('/companies')).status).toBe(200);
  expect((await operator.get('/auth/me')).body.user.email).toBe(email);
});

it('makes administrators of a named company, with the password from standard input', async () => {
  const company = await signUpCompany();
  const email = 'second@example.test';
  const args = ['--role', 'company_admin', '--email', email, '--company', company.slug, '--name', 'Second'];
  const made = await createUser(args, { input: `${password}\n` });
  const session = await company.visitor.post('/auth/login', { email, password });

  expect(made).toMatchObject({ code: 0, complaint: '' });
  expect(session.body.user).toMatchObject({ role: 'company_admin', name: 'Second', companyId: company.id });
});

it.each([
  ['a short password', ['--role', 'staff', '--email', 'x@example.test'], 'short', /at least 8 characters/],
  [
    'an unknown company',
    ['--role', 'staff', '--email', 'x@example.test', '--company', 'nowhere'],
    password,
    /no company nowhere/,
  ],
  ['a taken address', ['--role', 'staff', '--email', 'admin@demo.test'], password, /registered already/],
])('refuses %s in one sentence', async (_, args, input, complaint) => {
  const answer = await createUser(args, { input });

  expect(answer).toMatchObject({ output: '', complaint: expect.stringMatching(complaint) });
  expect(answer.code).not.toBe(0);
  expect(answer.complaint.trim().split('\n')).toHaveLength(1);
});

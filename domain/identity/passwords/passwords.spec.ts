import { createPasswords } from './passwords';

const use = { email: 'an@example.test' };

describe('passwords', () => {
  const { hashPassword, matchesPassword } = createPasswords({ concurrency: 2, waiting: 10 });

  it('are kept as argon2id with 19 MiB and two passes, with a salt of their own', async () => {
    const [first, second] = await Promise.all([hashPassword('secret-word-1', use), hashPassword('secret-word-1', use)]);

    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(first).not.toBe(second);
  });

  it('are refused when they would be guessed first, before any work', async () => {
    await expect(hashPassword('Password1', use)).rejects.toMatchObject({
      code: 'password_too_common',
      field: '/password',
    });
  });

  it('match only the password that was hashed', async () => {
    const stored = await hashPassword('secret-word-1', use);

    await expect(matchesPassword('secret-word-1', stored)).resolves.toBe(true);
    await expect(matchesPassword('secret-word-2', stored)).resolves.toBe(false);
    await expect(matchesPassword('', stored)).resolves.toBe(false);
  });

  it('match in whatever way an accent was typed', async () => {
    const stored = await hashPassword('mật-khẩu-dài'.normalize('NFC'), use);

    await expect(matchesPassword('mật-khẩu-dài'.normalize('NFD'), stored)).resolves.toBe(true);
  });

  it('match nothing where there is no account', async () => {
    await expect(matchesPassword('secret-word-1', null)).resolves.toBe(false);
  });

  it('are refused when more people wait than the line takes', async () => {
    const busy = createPasswords({ concurrency: 1, waiting: 2 });
    const attempts = await Promise.allSettled(Array.from({ length: 6 }, () => busy.hashPassword('secret-word-1', use)));
    const refused = attempts.filter((attempt) => attempt.status === 'rejected');

    expect(refused).toHaveLength(3);
    expect(refused.map((attempt) => (attempt.reason as { code: string }).code)).toEqual(Array(3).fill('unavailable'));
  });
});

import { assertAcceptablePassword } from './acceptable-password';

const codeOf = (password: string, email = 'an.nguyen@example.test'): string => {
  try {
    assertAcceptablePassword(password, { email, field: '/newPassword' });

    return 'ok';
  } catch (error) {
    const { code, field } = error as { code: string; field: string };

    return `${code} ${field}`;
  }
};

describe('a new password', () => {
  it.each(['password', 'Password1', 'PASSWORD123', 'qwertyuiop', 'iloveyou', '1qaz2wsx', 'ｐａｓｓｗｏｒｄ'])(
    '%s is refused as one of the commonest, in any case and width',
    (password) => expect(codeOf(password)).toBe('password_too_common /newPassword'),
  );

  it.each(['aaaaaaaa', '12345678', 'abcdefgh', 'HGFEDCBA', '🙂🙂🙂🙂🙂🙂🙂🙂'])('%s is refused as a run', (password) =>
    expect(codeOf(password)).toBe('password_too_common /newPassword'),
  );

  it.each(['an.nguyen@example.test', 'AN.Nguyen', 'an.nguyen123', '1an.nguyen!', 'an.nguyenan.nguyen'])(
    '%s is refused as the own address',
    (password) => expect(codeOf(password)).toBe('password_is_address /newPassword'),
  );

  it.each(['demo-password-1', 'test-password-1', 'an.nguyen-likes-tea', 'abcdefgi', 'mật-khẩu-dài'])(
    '%s is taken',
    (password) => expect(codeOf(password)).toBe('ok'),
  );

  it('may hold a short name by chance', () => {
    expect(codeOf('an-apple-a-day', 'an@example.test')).toBe('ok');
    expect(codeOf('demo-password-1', 'demo@example.test')).toBe('ok');
  });
});

import { noticeLanguage } from '../../domain/notifications/notice-rules';
import type { NoticeLanguage } from '../../domain/notifications/notice-types';
import type { Reply } from '../http/pipeline/route';
import { htmlPage } from '../pages/html-page';

interface Words {
  choose: string;
  newPassword: string;
  rule: string;
  save: string;
  isWrong: string;
  saved: readonly [string, string];
  confirm: readonly [string, string];
  yes: string;
  confirmed: readonly [string, string];
}

const words: Readonly<Record<NoticeLanguage, Words>> = {
  vi: {
    choose: 'Chọn mật khẩu mới',
    newPassword: 'Mật khẩu mới',
    rule: 'Từ 8 đến 128 ký tự; không phải mật khẩu phổ biến, cũng không phải địa chỉ của bạn.',
    save: 'Lưu mật khẩu',
    isWrong: 'Không dùng được mật khẩu này. Vui lòng chọn mật khẩu khác.',
    saved: ['Mật khẩu đã được thay đổi', 'Mọi phiên đăng nhập cũ đã kết thúc. Bạn có thể đăng nhập bằng mật khẩu mới.'],
    confirm: ['Xác nhận địa chỉ email', 'Vui lòng xác nhận rằng địa chỉ này là của bạn.'],
    yes: 'Xác nhận',
    confirmed: ['Địa chỉ email đã được xác nhận', 'Xin cảm ơn bạn. Bạn có thể đóng trang này.'],
  },
  en: {
    choose: 'Choose a new password',
    newPassword: 'New password',
    rule: '8 to 128 characters; not one of the commonest passwords, nor your address.',
    save: 'Save password',
    isWrong: 'This password cannot be used. Please choose another one.',
    saved: ['Your password was changed', 'All earlier sessions were ended. You can sign in with your new password.'],
    confirm: ['Confirm your email address', 'Please confirm that this address is yours.'],
    yes: 'Confirm',
    confirmed: ['Your email address is confirmed', 'Thank you. You can close this page.'],
  },
};

/** @param locale of the billing account; null for people of the company, who are told in English */
export function passwordPage(locale: string | null, isWrong = false): Reply {
  const language = noticeLanguage(locale ?? 'en');
  const said = words[language];

  return htmlPage({
    language,
    title: said.choose,
    tone: 'plain',
    content: `<form method="post">${isWrong ? `<p class="problem" role="alert">${said.isWrong}</p>` : ''}
<label for="password">${said.newPassword}</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="8" maxlength="128" required autofocus>
<p class="note">${said.rule}</p><button>${said.save}</button></form>`,
    ...(isWrong ? { status: 422 } : {}),
  });
}

export function passwordSavedPage(locale: string | null): Reply {
  return donePage(locale, 'saved');
}

/** Opening it changes nothing: scanners of mail follow links too. */
export function confirmPage(locale: string | null): Reply {
  const language = noticeLanguage(locale ?? 'en');
  const [title, sentence] = words[language].confirm;

  return htmlPage({
    language,
    title,
    tone: 'plain',
    content: `<p>${sentence}</p><form method="post"><button>${words[language].yes}</button></form>`,
  });
}

export function confirmedPage(locale: string | null): Reply {
  return donePage(locale, 'confirmed');
}

function donePage(locale: string | null, what: 'saved' | 'confirmed'): Reply {
  const language = noticeLanguage(locale ?? 'en');
  const [title, sentence] = words[language][what];

  return htmlPage({ language, title, tone: 'good', content: `<p>${sentence}</p>` });
}

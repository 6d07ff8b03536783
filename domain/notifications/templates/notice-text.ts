import type { NoticeKind } from '../notice-types';

/**
 * The words of one kind of notice: Handlebars templates of plain text, whose placeholders are the fields of
 * `notice-content-rules.ts`. A paragraph that comes out empty is left out. HTML is made from the rendered text, so no
 * value can ever become markup.
 */
export interface NoticeText {
  subject: string;
  paragraphs: readonly string[];
  /** What the link is called, where it is not for paying. */
  button?: string;
}

export interface NoticeWords {
  greeting: string;
  kinds: Readonly<Record<NoticeKind, NoticeText>>;
  /** What the link to pay is called. */
  pay: string;
  closing: string;
  /** Why the customer gets this. */
  footer: string;
  /** The same of what is about an account, which people of the company have too. */
  accountFooter: string;
}

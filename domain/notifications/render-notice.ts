import Handlebars from 'handlebars';

import { type NoticeFields, noticeFields, type NoticeReader } from './notice-content-rules';
import { noticeLanguage } from './notice-rules';
import type { NoticeKind, NoticeLanguage } from './notice-types';
import { english } from './templates/english';
import type { NoticeWords } from './templates/notice-text';
import { vietnamese } from './templates/vietnamese';

export interface RenderedNotice {
  language: NoticeLanguage;
  subject: string;
  text: string;
  html: string;
}

export const noticeWords: Readonly<Record<NoticeLanguage, NoticeWords>> = { vi: vietnamese, en: english };

const layout = Handlebars.compile<{
  language: string;
  subject: string;
  paragraphs: string[][];
  link: { url: string; name: string } | null;
  closing: string[];
  footer: string;
}>(
  `<!doctype html>
<html lang="{{language}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{subject}}</title></head>
<body style="margin:0;padding:24px;background:#f4f5f7;color:#1f2933;font:16px/1.5 Arial,Helvetica,sans-serif">
<div style="max-width:560px;margin:0 auto;padding:24px;background:#ffffff;border-radius:8px">
{{#each paragraphs}}<p style="margin:0 0 16px">{{#each this}}{{#unless @first}}<br>{{/unless}}{{this}}{{/each}}</p>
{{/each}}{{#if link}}<p style="margin:0 0 16px"><a href="{{link.url}}" style="display:inline-block;padding:10px 20px;background:#0b63c5;color:#ffffff;border-radius:6px;text-decoration:none">{{link.name}}</a></p>
{{/if}}<p style="margin:0">{{#each closing}}{{#unless @first}}<br>{{/unless}}{{this}}{{/each}}</p>
</div>
<p style="max-width:560px;margin:16px auto 0;color:#616e7c;font-size:13px">{{footer}}</p>
</body></html>
`,
  { strict: true, knownHelpersOnly: true },
);

const compiled = new Map<string, Handlebars.TemplateDelegate<NoticeFields>>();

function fill(template: string, fields: NoticeFields): string {
  let delegate = compiled.get(template);

  if (delegate === undefined) {
    delegate = Handlebars.compile<NoticeFields>(template, { strict: true, noEscape: true, knownHelpersOnly: true });
    compiled.set(template, delegate);
  }

  return delegate(fields).trim();
}

/** What a subject names outright must be there: a mail about nothing helps nobody. */
function requireSubject(template: string, fields: NoticeFields): void {
  const outright = template.replace(/\{\{#if .*?\{\{\/if\}\}/g, '');

  for (const [, name = ''] of outright.matchAll(/\{\{(\w+)\}\}/g)) {
    if (fields[name as keyof NoticeFields] === null) {
      throw new Error(`The notice says no ${name}.`);
    }
  }
}

/**
 * A notice as the customer reads it, in the language of their account, as plain text and as HTML with the same words.
 * @throws Error when the data are not what the kind speaks of; trying again is of no use then
 */
export function renderNotice(notice: { kind: NoticeKind; data: unknown }, reader: NoticeReader): RenderedNotice {
  const language = noticeLanguage(reader.locale);
  const words = noticeWords[language];
  const { fields, link: url } = noticeFields(notice.data, reader);
  const kind = words.kinds[notice.kind];
  requireSubject(kind.subject, fields);
  const subject = fill(kind.subject, fields);
  const body = kind.paragraphs.map((paragraph) => fill(paragraph, fields)).filter((text) => text !== '');
  const paragraphs = [fill(words.greeting, fields), ...body];
  const closing = fill(words.closing, fields);
  const footer = fill(reader.account === undefined ? words.footer : words.accountFooter, fields);
  const link = url === null ? null : { url, name: kind.button ?? words.pay };
  const linkText = link === null ? [] : [`${link.name}: ${link.url}`];

  return {
    language,
    subject,
    text: `${[...paragraphs, ...linkText, closing, `-- \n${footer}`].join('\n\n')}\n`,
    html: layout({
      language,
      subject,
      paragraphs: paragraphs.map((paragraph) => paragraph.split('\n')),
      link,
      closing: closing.split('\n'),
      footer,
    }),
  };
}

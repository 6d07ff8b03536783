import Handlebars from 'handlebars';

import type { CaughtMail } from './mail-store';

const style = `
:root { color-scheme: light; --ink: #14213d; --soft: #5b6478; --line: #dfe3ec; --accent: #005baa; }
* { box-sizing: border-box; }
body { margin: 0; background: #f2f4f9; color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1rem 1rem 3rem; }
header { display: flex; flex-wrap: wrap; gap: .75rem; justify-content: space-between; align-items: center; padding: .5rem 0 1rem; }
header strong { letter-spacing: .02em; }
a { color: var(--accent); }
form { display: flex; gap: .5rem; }
input { min-height: 2.5rem; width: 18rem; max-width: 60vw; padding: .25rem .75rem; border: 1px solid var(--line); border-radius: .5rem; font: inherit; }
button { min-height: 2.5rem; padding: .25rem 1rem; border: 1px solid var(--accent); border-radius: .5rem; background: var(--accent); color: #fff; font: inherit; cursor: pointer; }
:focus-visible { outline: 3px solid #7db7ea; outline-offset: 2px; }
.note { margin: 0 0 1rem; padding: .5rem .75rem; border-radius: .5rem; background: #fff4d6; font-size: .875rem; }
.card { overflow-x: auto; margin-bottom: 1rem; background: #fff; border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem; }
h1 { margin: 0 0 .75rem; font-size: 1.375rem; line-height: 1.3; overflow-wrap: anywhere; }
h2 { margin: 0 0 .75rem; font-size: 1rem; font-weight: 500; color: var(--soft); }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
th { color: var(--soft); font-weight: 500; }
th, td { padding: .5rem .75rem .5rem 0; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; }
td:first-child { white-space: nowrap; font-variant-numeric: tabular-nums; color: var(--soft); }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 0; font-size: .9375rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
iframe { display: block; width: 100%; height: 32rem; border: 1px solid var(--line); border-radius: .5rem; background: #fff; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: .9375rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
`;

const shell = (body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{{title}}</title>
<link rel="icon" href="data:,">
<style nonce="{{nonce}}">${style}</style>
</head>
<body><main>
<header><strong><a href="/">Mail sandbox</a></strong>
<form action="/" role="search"><input name="to" type="search" value="{{to}}" placeholder="Part of an address" aria-label="Address"><button>Search</button></form></header>
${body}
</main></body>
</html>
`;
const options = { strict: true, knownHelpersOnly: true };

interface Page {
  title: string;
  nonce: string;
  to: string;
}

const list = Handlebars.compile<Page & { mails: { id: number; at: string; to: string; subject: string }[] }>(
  shell(`<p class="note">Mail that was caught on this machine. Nothing of it was delivered to anybody.</p>
<section class="card"><table>
<thead><tr><th>Received (UTC)</th><th>To</th><th>Subject</th></tr></thead>
<tbody>{{#each mails}}<tr><td>{{at}}</td><td>{{to}}</td><td><a href="/mail/{{id}}">{{subject}}</a></td></tr>
{{else}}<tr><td colspan="3">No mail{{#if @root.to}} to such an address{{/if}} yet.</td></tr>
{{/each}}</tbody>
</table></section>`),
  options,
);

const one = Handlebars.compile<
  Page & { id: number; at: string; from: string; recipients: string; messageId: string; text: string; isHtml: boolean }
>(
  shell(`<section class="card"><h1>{{title}}</h1>
<dl><dt>To</dt><dd>{{recipients}}</dd><dt>From</dt><dd>{{from}}</dd><dt>Received</dt><dd>{{at}} UTC</dd><dt>Message-ID</dt><dd>{{messageId}}</dd></dl></section>
{{#if isHtml}}<section class="card"><h2>As HTML</h2><iframe title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/mail/{{id}}/html"></iframe></section>
{{/if}}<section class="card"><h2>As text</h2><pre>{{text}}</pre></section>`),
  options,
);

const subjectOf = ({ subject }: CaughtMail): string => subject || '(no subject)';
const timeOf = ({ receivedAt }: CaughtMail): string => receivedAt.slice(0, 19).replace('T', ' ');

/** The front page: what was caught, newest first. @param to what was searched for */
export function renderMailList(mails: readonly CaughtMail[], { to, nonce }: { to: string; nonce: string }): string {
  const rows = mails.map((mail) => ({
    id: mail.id,
    at: timeOf(mail),
    to: mail.to.join(', '),
    subject: subjectOf(mail),
  }));

  return list({ title: 'Mail sandbox', nonce, to, mails: rows });
}

/** One mail; its HTML is in a frame of its own, where nothing of it can run. */
export function renderMail(mail: CaughtMail, nonce: string): string {
  return one({
    title: subjectOf(mail),
    nonce,
    to: '',
    id: mail.id,
    at: timeOf(mail),
    from: mail.from,
    recipients: mail.to.join(', '),
    messageId: mail.messageId ?? 'none',
    text: mail.text,
    isHtml: mail.html !== null,
  });
}

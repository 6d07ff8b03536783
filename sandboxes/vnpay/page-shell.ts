import { formatMoneyFor } from '../../domain/money/localized-money';
import { type PageLanguage } from './page-texts';

const STYLE = `
:root { color-scheme: light; --ink: #14213d; --soft: #5b6478; --line: #dfe3ec; --accent: #005baa; --bad: #b3261e; }
* { box-sizing: border-box; }
body { margin: 0; background: #f2f4f9; color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 30rem; margin: 0 auto; padding: 1rem 1rem 3rem; }
header { display: flex; justify-content: space-between; align-items: center; padding: .5rem 0 1rem; }
header strong { letter-spacing: .02em; }
a { color: var(--accent); }
.notice { margin: 0 0 1rem; padding: .5rem .75rem; border-radius: .5rem; background: #fff4d6; font-size: .875rem; }
.card { background: #fff; border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem; }
h1 { margin: 0 0 .25rem; font-size: 1rem; font-weight: 500; color: var(--soft); }
.amount { margin: 0 0 1rem; font-size: 2.25rem; font-weight: 700; line-height: 1.2; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .35rem 1rem; margin: 0 0 1.25rem; padding: 1rem 0; border-block: 1px solid var(--line); font-size: .9375rem; }
dt { color: var(--soft); }
dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
time { font-variant-numeric: tabular-nums; font-weight: 600; }
button { width: 100%; min-height: 3rem; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: .5rem; background: #fff; color: inherit; font: inherit; cursor: pointer; }
button:hover { border-color: var(--accent); }
button:focus-visible, a:focus-visible, summary:focus-visible { outline: 3px solid #7db7ea; outline-offset: 2px; }
button:disabled { opacity: .6; cursor: default; }
.primary { border-color: var(--accent); background: var(--accent); color: #fff; font-weight: 600; }
.row { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; margin-top: .75rem; }
details { margin-top: 1.25rem; border-top: 1px solid var(--line); padding-top: .75rem; }
summary { min-height: 2.75rem; display: flex; align-items: center; cursor: pointer; color: var(--accent); }
summary::before { content: '▸'; margin-right: .5rem; }
details[open] summary::before { content: '▾'; }
details p { margin: 0 0 .75rem; color: var(--soft); font-size: .875rem; }
details button { margin-top: .5rem; text-align: left; }
details small { display: block; color: var(--soft); }
.code { color: var(--bad); font-size: 1.25rem; font-weight: 700; margin: 0 0 .5rem; }
.card:has(table) { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .875rem; }
th, td { padding: .4rem .5rem .4rem 0; text-align: left; border-bottom: 1px solid var(--line); white-space: nowrap; }
td:last-child { white-space: normal; }
`;

/** A whole page. `body` is HTML that is safe already; `nonce` admits its style and script and nothing else. */
export function renderPage(page: { language: PageLanguage; title: string; body: string; nonce: string }): string {
  return `<!doctype html>
<html lang="${page.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(page.title)}</title>
<link rel="icon" href="data:,">
<style nonce="${page.nonce}">${STYLE}</style>
</head>
<body><main>${page.body}</main></body>
</html>
`;
}

/** Text made safe to stand in HTML, also between double quotes. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** VND of an amount in hundredths, as people in Vietnam write it: `1.250.000 ₫`. */
export function formatVnd(hundredths: number): string {
  return formatMoneyFor(Math.round(hundredths / 100), 'VND', 'vi-VN');
}

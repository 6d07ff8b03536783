import type { Reply } from '../http/pipeline/route';

/** Text for the inside of an element or attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export interface HtmlPage {
  language: 'vi' | 'en';
  /** Also the heading. */
  title: string;
  tone: 'plain' | 'good' | 'bad';
  /** HTML: every value in it is escaped already. */
  content: string;
  status?: number;
  /** It looks again by itself after so many seconds. */
  refreshSeconds?: number;
  /** How it stands, for programs. */
  state?: string;
}

const colours = { plain: '#1d2129', good: '#157347', bad: '#b02a37' } as const;

const styles = `body{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;margin:0;padding:16px;background:#f4f5f7;color:#1d2129}
main{max-width:28rem;margin:8vh auto;background:#fff;border-radius:12px;padding:2rem;box-shadow:0 1px 4px #0002;overflow-wrap:anywhere}
h1{font-size:1.4rem;line-height:1.3;margin:0 0 .75rem}p{margin:.5rem 0}.seller{color:#616e7c;margin:0 0 .25rem}
.amount{font-size:1.9rem;font-weight:600;margin:.75rem 0}dl{display:grid;grid-template-columns:auto 1fr;gap:.35rem 1rem;margin:1rem 0}
dt{color:#616e7c}dd{margin:0}ul{margin:0;padding:0;list-style:none}form{margin:1.25rem 0 0}label{display:block;margin:0 0 .35rem}
input[type=password]{box-sizing:border-box;width:100%;font:inherit;padding:.6rem .75rem;border:1px solid #9aa5b1;border-radius:8px;margin:0 0 .75rem}
button,a.button{display:block;box-sizing:border-box;width:100%;font:inherit;font-weight:600;text-align:center;text-decoration:none;padding:.75rem 1rem;
border:0;border-radius:8px;background:#0b63c5;color:#fff;cursor:pointer;margin:.5rem 0 0}button:focus-visible,a:focus-visible{outline:3px solid #8ec2ff;outline-offset:2px}
.note{color:#616e7c;font-size:.9rem}.problem{color:#b02a37}a{color:#0b63c5}`;

/**
 * A page of ours for somebody who followed a link. It runs no script, is kept by nobody, tells nobody where its reader
 * came from (its address is the key to it), and may send its form on to a payment provider.
 */
export function htmlPage({ language, title, tone, content, status = 200, refreshSeconds, state }: HtmlPage): Reply {
  const refresh = refreshSeconds === undefined ? '' : `<meta http-equiv="refresh" content="${refreshSeconds}">`;

  return {
    status,
    body: `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>${refresh}<style>${styles}</style></head>
<body><main${state === undefined ? '' : ` data-state="${state}"`}><h1 style="color:${colours[tone]}">${escapeHtml(title)}</h1>${content}</main></body></html>
`,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'Content-Security-Policy':
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' https: http:; frame-ancestors 'none'; base-uri 'none'",
    },
  };
}

/** Sends the browser on, with GET whatever it came with. */
export function seeOther(address: string): Reply {
  return { status: 303, headers: { Location: address, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' } };
}

/** For whoever comes with a link that was never ours, or is ours no more; their language is not known. */
export function unknownLinkPage(): Reply {
  return htmlPage({
    language: 'vi',
    title: 'Liên kết không còn dùng được',
    tone: 'bad',
    content: `<p>Liên kết này không đúng, đã được dùng hoặc đã hết hạn. Vui lòng dùng liên kết trong thư mới nhất.</p>
<p class="note" lang="en"><strong>This link does not work.</strong> It is wrong, was used, or has ended. Please use the one in your latest email.</p>`,
    status: 404,
  });
}

import { type PageErrorCode } from './check-pay-request';
import { escapeHtml, formatVnd, renderPage } from './page-shell';
import { ADVANCED_BEHAVIOURS, pageTexts, type PageLanguage } from './page-texts';
import { type SandboxTransaction } from './sandbox-types';

interface PageContext {
  language: PageLanguage;
  nonce: string;
  /** This page in the other language. */
  otherLanguageHref: string;
}

const COUNTDOWN = `
const clock = document.querySelector('time');
const form = document.querySelector('form');
const end = performance.now() + Number(clock.dataset.left);
const tick = () => {
  const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
  clock.textContent = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60]
    .map((part) => String(part).padStart(2, '0')).join(':').replace(/^00:/, '');
  if (left === 0) { form.submit(); } else { setTimeout(tick, 250); }
};
tick();
let isSent = false;
form.addEventListener('submit', (event) => {
  if (isSent) { event.preventDefault(); }
  isSent = true;
  setTimeout(() => document.querySelectorAll('button').forEach((button) => { button.disabled = true; }));
  if (event.submitter) { event.submitter.textContent = form.dataset.working; }
});
addEventListener('pageshow', (event) => { if (event.persisted) { location.reload(); } });
`;

/**
 * The page on which a payment is decided. It works without script; script counts down and sends the form when time is
 * up, which decides the payment as expired, because the form's fallback action is that.
 *
 * @param leftMs until the payment expires
 */
export function renderPayPage(
  transaction: SandboxTransaction,
  tmnCode: string,
  leftMs: number,
  context: PageContext,
): string {
  const texts = pageTexts[context.language];
  const advanced = ADVANCED_BEHAVIOURS.map((behaviour) => {
    const [name, explanation] = texts.behaviours[behaviour];

    return `<button name="action" value="${behaviour}">${escapeHtml(name)}<small>${escapeHtml(explanation)}</small></button>`;
  }).join('\n');
  const body = `${renderHeader(context)}
<section class="card">
<h1>${texts.amount}</h1>
<p class="amount">${escapeHtml(formatVnd(transaction.amount))}</p>
<dl>
<dt>${texts.order}</dt><dd>${escapeHtml(transaction.orderInfo)}</dd>
<dt>${texts.reference}</dt><dd>${escapeHtml(transaction.txnRef)}</dd>
<dt>${texts.merchant}</dt><dd>${escapeHtml(tmnCode)}</dd>
<dt>${texts.timeLeft}</dt><dd><time data-left="${leftMs}">${formatLeft(leftMs)}</time></dd>
</dl>
<form method="post" action="/paymentv2/transactions/${escapeHtml(encodeURIComponent(transaction.key))}" data-working="${texts.working}">
<button class="primary" name="action" value="pay">${texts.pay}</button>
<div class="row">
<button name="action" value="decline">${texts.decline}</button>
<button name="action" value="cancel">${texts.cancel}</button>
</div>
<details>
<summary>${texts.advanced}</summary>
<p>${texts.advancedIntro}</p>
${advanced}
</details>
</form>
</section>
<script nonce="${context.nonce}">${COUNTDOWN}</script>`;

  return renderPage({ ...context, title: texts.title, body });
}

/** The page for an address that cannot be paid; the code stands in it for people and for tests. */
export function renderErrorPage(code: PageErrorCode, field: string, context: PageContext): string {
  const texts = pageTexts[context.language];
  const body = `${renderHeader(context)}
<section class="card" data-error-code="${code}">
<h1>${texts.errorTitle}</h1>
<p class="code">${code}</p>
<p>${texts.errors[code]}</p>
<p>${texts.errorField}: <code>${escapeHtml(field)}</code></p>
</section>`;

  return renderPage({ ...context, title: texts.errorTitle, body });
}

function renderHeader({ language, otherLanguageHref }: PageContext): string {
  const texts = pageTexts[language];

  return `<header><strong>VNPay sandbox</strong><a href="${escapeHtml(otherLanguageHref)}">${texts.otherLanguage}</a></header>
<p class="notice">${texts.notice}</p>`;
}

function formatLeft(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];

  return parts
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
    .replace(/^00:/, '');
}

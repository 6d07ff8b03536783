import { escapeHtml, formatVnd, renderPage } from './page-shell';
import { type Notification, type SandboxTransaction } from './sandbox-types';

const SHOWN = 50;

/** The sandbox's front page: the newest payments and what became of their notifications. */
export function renderOverview(
  transactions: readonly SandboxTransaction[],
  notifications: readonly Notification[],
  nonce: string,
): string {
  const rows = transactions
    .slice(-SHOWN)
    .reverse()
    .map((transaction) => {
      const answers = notifications
        .filter(({ key }) => key === transaction.key)
        .flatMap(({ attempts }) => attempts.map(({ rspCode }) => rspCode ?? 'none'));
      const cells = [
        transaction.txnRef,
        formatVnd(transaction.amount),
        transaction.result?.behaviour ?? 'open',
        answers.join(' ') || '–',
      ];

      return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`;
    });
  const body = `<header><strong>VNPay sandbox</strong></header>
<p class="notice">A stand-in for VNPay on this machine. No real money moves. Payments begin in the shop, not here.</p>
<section class="card"><table>
<thead><tr><th>Reference</th><th>Amount</th><th>Result</th><th>IPN answers</th></tr></thead>
<tbody>${rows.join('') || '<tr><td colspan="4">No payment yet.</td></tr>'}</tbody>
</table></section>`;

  return renderPage({ language: 'en', title: 'VNPay sandbox', body, nonce });
}

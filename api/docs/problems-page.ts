import { errorCatalogue } from '../../domain/error-codes';

/** One page with every problem code; a problem's `type` points to its section. */
export function problemsPage(): string {
  const sections = Object.entries(errorCatalogue).map(
    ([code, { status, title, advice }]) =>
      `<section id="${code}"><h2><code>${code}</code> <small>${status}</small></h2><p><b>${escape(title)}.</b> ${inline(advice)}</p></section>`,
  );

  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Problems · bmms</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h2 { font-size: 1.1rem; margin: 1.6rem 0 .2rem; } small { color: #666; font-weight: normal; } :target { background: #fff6d5; }
</style></head><body>
<h1>Problems</h1>
<p>Every error is a <code>application/problem+json</code> document. Decide by its <code>code</code>; codes never change their meaning.</p>
${sections.join('\n')}
</body></html>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Advice is written with backticks around names. */
function inline(text: string): string {
  return escape(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

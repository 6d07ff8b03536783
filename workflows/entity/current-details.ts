import { setCurrentDetails } from '@temporalio/workflow';

/** What the workflow's own code tells; each workflow has this module for itself. */
let told = '';

/** Steps that keep failing, by when they were first tried: only the interceptor sees them. */
const failing = new Map<string, string>();

/** What the Web UI shows of a workflow while it runs, as Markdown: what is to be typed stands in backticks, or its dashes and quotes change. */
export function showDetails(lines: readonly string[]): void {
  told = inParagraphs(lines);
  setCurrentDetails(currentDetails());
}

/** @param line null: it fails no more */
export function showFailingStep(key: string, line: string | null): void {
  if (line === null) {
    failing.delete(key);
  } else {
    failing.set(key, line);
  }
  setCurrentDetails(currentDetails());
}

export function currentDetails(): string {
  return inParagraphs([told, ...failing.values()]);
}

/** A single end of line would run them together. */
function inParagraphs(lines: readonly string[]): string {
  return lines.filter((line) => line !== '').join('\n\n');
}

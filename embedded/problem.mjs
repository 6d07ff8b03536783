/**
 * Something a person can mend: one sentence saying what is wrong, optionally how to mend it and the
 * lines of a log that show it. Whoever catches it prints `describeProblem`, never a stack.
 */
export class Problem extends Error {
  /**
   * @param {string} sentence what is wrong
   * @param {{ mend?: string, detail?: string, cause?: unknown }} [more] how to mend it; log lines that show it
   */
  constructor(sentence, { mend, detail, cause } = {}) {
    super(sentence, { cause });
    this.name = 'Problem';
    this.mend = mend;
    this.detail = detail;
  }
}

/** @param {Problem} problem @returns {string} the lines to show: sentence, indented detail, way out */
export function describeProblem(problem) {
  const lines = [problem.message];
  if (problem.detail) {
    lines.push(...problem.detail.split('\n').map((line) => `    ${line}`));
  }
  if (problem.mend) {
    lines.push(problem.mend);
  }

  return lines.join('\n');
}

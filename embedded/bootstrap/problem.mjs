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
    if (detail) {
      this.stack = `${this.stack}\n${detail}`;
    }
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

const FILE_ERRORS = {
  EACCES: 'it belongs to another user',
  EPERM: 'it belongs to another user',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
};

/**
 * What the file system refused, said for people; anything else comes back as it is.
 * @param {unknown} error
 */
export function explainFileError(error) {
  const { code = '', path, syscall } = /** @type {NodeJS.ErrnoException} */ (error ?? {});
  const reason = FILE_ERRORS[/** @type {keyof FILE_ERRORS} */ (code)];
  if (!reason || !path) {
    return error;
  }

  return new Problem(`${path} cannot be used (${syscall}: ${code}): ${reason}.`, {
    mend: 'Start as the user who made it, give it to yourself (chown), or make room.',
    cause: error,
  });
}

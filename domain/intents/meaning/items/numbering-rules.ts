import type { Token } from '../../words/token-rules';

/** The number of a line, or of what is told in a row that begins with the first. */
export function isNumbering(tokens: readonly Token[], at: number): boolean {
  const isNumbered = (from: number) =>
    /^[1-9]$/.test(tokens[from]?.text ?? '') &&
    /^[.)]$/.test(tokens[from + 1]?.text ?? '') &&
    tokens[from + 1]?.isGlued === true &&
    tokens[from + 2]?.kind === 'word';

  return isNumbered(at) && (at === 0 || tokens[at - 1]?.text === '\n' || isNumbered(0) || isBracketed(tokens));
}

/** “Giúp chị: 1) chuyển thuê bao, 2) giá 180k” */
const isBracketed = (tokens: readonly Token[]): boolean =>
  ['1', '2'].every((number) =>
    tokens.some(({ text }, at) => text === number && tokens[at + 1]?.text === ')' && tokens[at + 1]?.isGlued === true),
  );

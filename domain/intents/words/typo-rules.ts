/**
 * How many slips of the fingers a word may hold and still be meant. Short words are many and near each other, so that they
 * hold none; of five letters two may be swapped.
 */
export function isMisspelt(written: string, word: string): boolean {
  if (written.charAt(0) !== word.charAt(0) || Math.abs(written.length - word.length) > 2) {
    return false;
  }
  if (word.length < 6) {
    return word.length === 5 && isSwapped(written, word);
  }

  return slips(written, word) <= (word.length < 9 ? 1 : 2);
}

/** Two neighbours have changed places. */
export function isSwapped(written: string, word: string): boolean {
  const differing = [...word].flatMap((letter, index) => (letter === written.charAt(index) ? [] : [index]));
  const [first = -1, second = -1] = differing;

  return (
    written.length === word.length &&
    differing.length === 2 &&
    second === first + 1 &&
    written.charAt(first) === word.charAt(second) &&
    written.charAt(second) === word.charAt(first)
  );
}

/** Letters put in, left out, changed or swapped with a neighbour (Damerau and Levenshtein), for short words. */
export function slips(left: string, right: string): number {
  let before: number[] = [];
  let above = Array.from({ length: right.length + 1 }, (_, index) => index);

  for (let row = 1; row <= left.length; row += 1) {
    const line = [row];

    for (let column = 1; column <= right.length; column += 1) {
      const isSame = left[row - 1] === right[column - 1];
      let least = Math.min(
        (above[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (isSame ? 0 : 1),
      );

      if (row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) {
        least = Math.min(least, (before[column - 2] ?? 0) + 1);
      }
      line.push(least);
    }
    before = above;
    above = line;
  }

  return above[right.length] ?? 0;
}

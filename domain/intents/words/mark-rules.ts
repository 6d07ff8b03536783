/** Vietnamese marks of vowels and tones, and what stands for đ. */
const mark = /[\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323đ]/g;
const tilde = '\u0303';
const hook = '\u0309';

/**
 * The marks of a word, wherever in it they are put: hoà and hòa are one, and so are hỏi and ngã, which many swap. Empty for a
 * word without marks.
 */
export function marksOf(word: string): string {
  const marks = word.normalize('NFD').toLowerCase().replaceAll(tilde, hook).match(mark) ?? [];

  return marks.sort().join('');
}

/** A word that is written with other marks is another word; without any it may be each of them. */
export function isOtherWord(written: string, known: string): boolean {
  const marks = marksOf(written);

  return marks !== '' && marks !== marksOf(known);
}

/** Text in small letters without diacritics, that still knows where each of its characters stood. */
export interface FoldedText {
  source: string;
  text: string;
  /** For each character of `text` where it stands in `source`. */
  at: readonly number[];
}

const marks = /[\p{M}\p{Cf}\p{Cs}]/gu;

/**
 * Folds a sentence so that all ways to write it meet: capitals, diacritics, đ, wide digits and composed letters. People write
 * Vietnamese with and without marks; where they are written they tell words apart (`mark-rules.ts`).
 */
export function foldText(source: string): FoldedText {
  const at: number[] = [];
  let text = '';
  let position = 0;

  for (const character of source) {
    const folded = foldCharacter(character);

    for (let index = 0; index < folded.length; index += 1) {
      at.push(position);
    }
    text += folded;
    position += character.length;
  }

  return { source, text, at };
}

/** The same for words of which nobody asks where they stood. */
export const foldWord = (word: string): string => foldText(word).text;

function foldCharacter(character: string): string {
  if (character >= ' ' && character <= '~') {
    return character.toLowerCase();
  }

  return character.normalize('NFKD').replace(marks, '').toLowerCase().replaceAll('đ', 'd');
}

/** All in capitals, which then tell no names apart. */
export const isShouted = (sentence: string): boolean => sentence === sentence.toUpperCase();

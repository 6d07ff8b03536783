import { currencyWords } from '../../words/currency-words';
import { foldWord } from '../../words/fold-rules';
import { englishOnes, englishTeens, englishTens, scales, vietnameseDigits } from '../../words/number-words';
import { intervalWords, timeUnits } from '../../words/time-words';
import { isOtherWord, marksOf } from '../../words/mark-rules';
import { type Token, tokenize } from '../../words/token-rules';
import { isMisspelt, isSwapped } from '../../words/typo-rules';
import { type Phrase, phrases } from '../lexicon/lexicon';

/** Phrases by their words: each step is one word, and `phrase` is what ends there. */
interface Branch {
  phrase: Phrase | null;
  /** Its words as they are written, in each way that is known. */
  spellings: string[][];
  next: Map<string, Branch>;
}

const root: Branch = { phrase: null, spellings: [], next: new Map() };
const vocabulary = new Set<string>();
/** Words with marks that mean something by themselves, folded. */
const alone = new Map<string, string[]>();
/** For each word those that follow it in a phrase. */
const followers = new Map<string, Set<string>>();

for (const phrase of phrases) {
  let branch = root;
  let before = '';

  for (const { text, kind } of tokenize(phrase.text)) {
    const known = branch.next.get(text) ?? { phrase: null, spellings: [], next: new Map() };
    branch.next.set(text, known);
    branch = known;

    if (kind === 'word') {
      vocabulary.add(text);
      followers.set(before, (followers.get(before) ?? new Set()).add(text));
    }
    before = text;
  }
  const words = tokenize(phrase.text).map(({ written }) => written);
  branch.phrase ??= phrase;

  if (words.length === 1 && marksOf(phrase.text) !== '') {
    alone.set(foldWord(phrase.text), [...(alone.get(foldWord(phrase.text)) ?? []), phrase.text]);
  }
  branch.spellings.push(words);
}

for (const list of [
  currencyWords,
  englishOnes,
  englishTeens,
  englishTens,
  intervalWords,
  scales,
  timeUnits,
  vietnameseDigits,
]) {
  Object.keys(list).forEach((word) => vocabulary.add(word));
}
const byFirstLetter = new Map<string, string[]>();

for (const word of vocabulary) {
  byFirstLetter.set(word.charAt(0), [...(byFirstLetter.get(word.charAt(0)) ?? []), word]);
}

export interface PhraseRead {
  phrase: Phrase;
  /** Of the token after it. */
  next: number;
}

/** @returns the longest phrase that begins at a token; null where none does */
export function readPhrase(tokens: readonly Token[], from: number): PhraseRead | null {
  let branch: Branch | undefined = root;
  let longest: PhraseRead | null = null;

  for (let at = from; branch !== undefined && at <= tokens.length; at += 1) {
    if (branch.phrase !== null && !cutsWord(tokens, at) && isSpelled(branch, tokens.slice(from, at))) {
      longest = { phrase: branch.phrase, next: at };
    }
    branch = branch.next.get(tokens[at]?.text ?? '');
  }

  return longest;
}

/** “Không thu thuê bao nữa”: thuế is thuê without its mark, and “thuê bao” is one word. */
const cutsWord = (tokens: readonly Token[], at: number): boolean => {
  const [last, next, after] = [tokens[at - 1], tokens[at], tokens[at + 1]];

  return (
    last?.text === 'thue' &&
    next?.text === 'bao' &&
    !/^(nhieu|gom|ham)$/.test(after?.text ?? '') &&
    !isOtherWord(last.written, 'thuê')
  );
};

/**
 * Marks tell words apart where they are written: of a phrase those of one word at least must be its own, and none may be those
 * of a word with a meaning by itself: “đừng miễn phí” is not “dùng miễn phí”.
 */
function isSpelled({ spellings }: Branch, tokens: readonly Token[]): boolean {
  const marked = tokens
    .map(({ written }, index) => ({ written, index }))
    .filter(({ written }) => marksOf(written) !== '');

  return (
    marked.length === 0 ||
    spellings.some(
      (spelling) =>
        marked.some(({ written, index }) => !isOtherWord(written, spelling[index] ?? '')) &&
        !marked.some(({ written, index }) => isOtherWord(written, spelling[index] ?? '') && isAlone(written)),
    )
  );
}

const isAlone = (written: string): boolean =>
  (alone.get(foldWord(written)) ?? []).some((word) => !isOtherWord(written, word));

/** Tokens with slips of the fingers put right, where they look like a word that is known; and which these were. */
export function correctTypos(tokens: readonly Token[]): { tokens: Token[]; misspelt: Token[] } {
  const misspelt: Token[] = [];
  const corrected = tokens.map((token, at) => {
    const isUnknown = token.kind === 'word' && !vocabulary.has(token.text);
    const meant = isUnknown ? (meantWord(token.text) ?? meantAfter(tokens[at - 1]?.text ?? '', token.text)) : null;

    if (meant === null) {
      return token;
    }
    misspelt.push(token);

    return { ...token, text: meant, said: meant };
  });

  return { tokens: corrected, misspelt };
}

const longestTypo = 20;

function meantWord(written: string): string | null {
  if (written.length < 5 || written.length > longestTypo) {
    return null;
  }

  return byFirstLetter.get(written.charAt(0))?.find((word) => isMisspelt(written, word)) ?? null;
}

/** “Thuê boa”: a short word with two letters swapped is meant where one phrase alone goes on with it. */
function meantAfter(before: string, written: string): string | null {
  const [meant, other] = [...(followers.get(before) ?? [])].filter(
    (word) => word.length >= 3 && isSwapped(written, word),
  );

  return other === undefined ? (meant ?? null) : null;
}

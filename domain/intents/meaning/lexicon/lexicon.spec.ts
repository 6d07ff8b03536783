import { foldWord } from '../../words/fold-rules';
import { phrases } from './lexicon';

it('gives each phrase one meaning', () => {
  const meanings = new Map<string, Set<string>>();

  for (const { concept, key, text } of phrases) {
    const folded = foldWord(text).replace(/[-–]/g, ' ');
    meanings.set(folded, (meanings.get(folded) ?? new Set()).add(key ?? concept));
  }
  const several = [...meanings]
    .filter(([, of]) => of.size > 1)
    .map(([phrase, of]) => `${phrase}: ${[...of].join(', ')}`);

  expect(several).toEqual([]);
});

import type { BusinessModel } from '../intent-types';
import { isConcept, type Span } from './item-rules';
import type { Concept } from './lexicon/lexicon';
import type { Doubt, Place, SentenceContext } from './place-rules';

/** How a model is spoken of: as what is wanted, kept or added, as what is there, or as what is to end. */
type Manner = 'target' | 'bare' | 'kept' | 'added' | 'there' | 'dropped';

interface Mention extends Span {
  model: BusinessModel;
  manner: Manner;
  clause: number;
  at: number;
  /** Only a noun, as in “my shop”, which says what one has. */
  isWeak: boolean;
}

export interface ModelReading {
  /** null: unchanged, or nothing was said. */
  model: BusinessModel | null;
  span: Span | null;
  dropped: readonly BusinessModel[];
  doubt: Doubt | null;
  /** A model is spoken of, wanted or not. */
  isNamed: boolean;
  /** The model is there already, and stays. */
  isKept: boolean;
  /** Models are spoken of only as what is there. */
  isOnlyThere: boolean;
  /** Models are spoken of only as what is to end. */
  isOnlyDropped: boolean;
  /** Clauses about subscriptions that are to end: their prices are not asked for. */
  endingClauses: ReadonlySet<number>;
}

const models: Readonly<Partial<Record<Concept, BusinessModel>>> = {
  retail: 'retail',
  shop: 'retail',
  subscription: 'subscription',
  freemium: 'freemium',
  multi: 'multi',
};

/** Which model a sentence asks for. @param isFree something is free of charge, which is how freemium is described */
export function readModel(places: readonly Place[], context: SentenceContext, isFree: Span | null): ModelReading {
  const unclear = places.find((place) => isUseOrStop(places, place));
  const mentions = mentionsOf(places);
  const dropped = mentions.filter(({ manner }) => manner === 'dropped');
  const isOver = (one: Mention) => dropped.some(({ model, at }) => model === one.model && at > one.at);
  const there = mentions.filter(({ manner }) => manner === 'there');
  const wanted = withoutBackground(
    mentions.filter((one) => one.manner !== 'dropped' && one.manner !== 'there' && !isOver(one)),
  );
  const base = {
    span: wanted.find(({ manner }) => manner === 'target') ?? wanted[0] ?? null,
    dropped: dropped.map(({ model }) => model),
    isNamed: mentions.length > 0,
    isKept: wanted.some(({ manner }) => manner === 'kept' || manner === 'added'),
    isOnlyThere: mentions.length > 0 && mentions.length === there.length,
    isOnlyDropped: dropped.length > 0 && wanted.length === 0,
    endingClauses: new Set(
      dropped
        .filter(({ model, clause }) => model !== 'retail' && !wanted.some((one) => one.clause === clause))
        .map(({ clause }) => clause),
    ),
  };

  if (unclear !== undefined) {
    return { ...base, model: null, doubt: { code: 'word_unclear', span: unclear.item } };
  }
  const names = new Set(wanted.map(({ model }) => model));

  if (wanted.length > 1 && names.size > 1 && isAlternative(places, wanted)) {
    return { ...base, model: null, doubt: { code: 'model_unclear', span: around(wanted) } };
  }
  if (isFree !== null && names.has('subscription') && !names.has('freemium') && !names.has('multi')) {
    return { ...base, model: null, doubt: { code: 'model_unclear', span: isFree } };
  }
  const isOnlyAdded = wanted.every(({ manner }) => manner === 'added');
  const model = combine(names);

  if (model === 'contradiction') {
    return { ...base, model: null, doubt: { code: 'model_unclear', span: around(wanted) } };
  }

  return model !== null && isOnlyAdded && model !== 'multi'
    ? { ...base, ...added(model, there.at(-1)?.model ?? context.businessModel, base.span) }
    : { ...base, model, doubt: null };
}

/** The shop and something that renews is multi; freemium has subscriptions of its own. */
function combine(names: ReadonlySet<BusinessModel>): BusinessModel | null | 'contradiction' {
  if (names.has('multi') || (names.has('retail') && names.size > 1)) {
    return 'multi';
  }
  const [only = null] = names;

  return names.size > 1 ? 'freemium' : only;
}

/** What is added to what is there. */
function added(
  model: BusinessModel,
  today: BusinessModel | null,
  span: Span | null,
): Pick<ModelReading, 'model' | 'doubt'> {
  if (today === null) {
    return { model: null, doubt: { code: 'keep_or_replace', span } };
  }
  // Freemium has subscriptions already.
  if (today === model || today === 'multi' || (today === 'freemium' && model === 'subscription')) {
    return { model: null, doubt: null };
  }

  return { model: model === 'retail' || today === 'retail' ? 'multi' : 'freemium', doubt: null };
}

/** Reads each model with the deed that governs it, from comma to comma. */
function mentionsOf(places: readonly Place[]): Mention[] {
  const mentions: Mention[] = [];
  let manner: Manner = 'bare';
  let clause = 0;
  let openNegation: number | null = null;
  let openKeep = false;
  const close = () => {
    const last = mentions.at(-1);

    // Bán lẻ không làm nữa: what is negated stands before it.
    if (openNegation !== null && last?.clause === clause && last.manner !== 'target' && last.manner !== 'dropped') {
      last.manner = 'dropped';
    }
    // “The shop stays open.”
    if (openKeep && last?.clause === clause && last.manner === 'bare') {
      last.manner = 'kept';
    }
    openNegation = null;
    openKeep = false;
    manner = 'bare';
  };

  for (const place of places) {
    const { item, at } = place;

    if (place.clause !== clause) {
      close();
      clause = place.clause;
    }
    const model = item.kind === 'concept' ? models[item.concept] : undefined;

    if (model !== undefined) {
      if (!isQualifier(places, place, manner)) {
        const isWeak = isConcept(item, 'shop');
        mentions.push({ start: item.start, end: item.end, model, manner, clause, at, isWeak });
      }
      openNegation = null;
      openKeep = false;
      continue;
    }
    if (isConcept(item, 'plan') && manner === 'dropped' && isNameless(places, at)) {
      mentions.push({ start: item.start, end: item.end, model: 'subscription', manner, clause, at, isWeak: false });
      openNegation = null;
      continue;
    }
    const next = mannerAfter(place, places, manner, openNegation !== null);

    if (next !== null) {
      openNegation = next === 'dropped' ? at : null;
      openKeep = next === 'kept';
      manner = next;
    } else if (isConcept(item, 'trial', 'tax', 'addon', 'discount', 'plan')) {
      openNegation = null;
    }
  }
  close();

  return mentions;
}

/** What a word does to the models after it; null: nothing. */
function mannerAfter({ item, at }: Place, places: readonly Place[], manner: Manner, isOpen: boolean): Manner | null {
  if (item.kind !== 'concept') {
    return null;
  }
  switch (item.concept) {
    case 'not':
    case 'cancel':
      return 'dropped';
    // “Không bỏ bán lẻ” keeps it.
    case 'drop':
      return isOpen && isDenied(places, at) ? 'kept' : 'dropped';
    case 'stopOrUse':
      return !isNegating(places, at) ? null : isOpen && isDenied(places, at) ? 'kept' : 'dropped';
    // “Đừng chuyển sang freemium” negates what it turns to, and “không giữ cửa hàng” what it keeps.
    case 'toward':
      return isOpen ? 'dropped' : 'target';
    case 'keep':
      return isOpen ? 'dropped' : 'kept';
    case 'add':
      return isOpen ? 'dropped' : manner === 'kept' ? 'kept' : 'added';
    case 'from':
    case 'now':
      return isOpen ? null : 'there';
    case 'but':
      return 'bare';
    // “Instead of retail I want …”
    case 'want':
      return manner === 'dropped' && !isOpen ? 'bare' : null;
    default:
      return null;
  }
}

const isDenied = (places: readonly Place[], at: number): boolean =>
  isConcept(places[at - 1]?.item, 'not', 'stopOrUse', 'cancel');

/** Đừng, dừng and dùng are one word without their marks: before a deed it is the first, before the shop the second. */
function isNegating(places: readonly Place[], at: number): boolean {
  const next = places[at + 1]?.item;

  return isConcept(next, 'retail', 'shop', 'toward', 'change', 'sell', 'add', 'keep', 'drop', 'stopOrUse');
}

const isUseOrStop = (places: readonly Place[], { item, at }: Place): boolean =>
  isConcept(item, 'stopOrUse') && isConcept(places[at + 1]?.item, 'subscription', 'freemium', 'multi');

/** “A subscription plan” names a plan, unless the sentence turns to it. */
function isQualifier(places: readonly Place[], { item, at }: Place, manner: Manner): boolean {
  const isOfPlan = isConcept(places[at - 1]?.item, 'plan') || isConcept(places[at + 1]?.item, 'plan');

  return isConcept(item, 'subscription') && isOfPlan && manner !== 'target' && manner !== 'dropped';
}

function isNameless(places: readonly Place[], at: number): boolean {
  const rest = places.slice(at + 1).map(({ item }) => item);
  const next = rest.find((item) => !isConcept(item, 'filler', 'noMore', 'polite'));

  return next === undefined || next.kind === 'break' || isConcept(next, 'but', 'and', 'toward', 'change', 'keep');
}

/** Leaves out what is told as it is: “my shop”, and what is named before the sentence turns to something else. */
function withoutBackground(mentions: readonly Mention[]): Mention[] {
  const strong = mentions.filter(({ isWeak, manner }) => !isWeak || manner !== 'bare');
  const turn = strong.findIndex(({ manner }) => manner === 'target');

  return strong.filter(
    ({ manner, clause }, index) =>
      manner !== 'bare' || index > turn || !strong.some((one) => one.manner === 'target' && one.clause >= clause),
  );
}

/** “Or” stands between two of them. */
function isAlternative(places: readonly Place[], wanted: readonly Mention[]): boolean {
  return wanted.slice(1).some((one, index) => {
    const before = wanted[index];

    return (
      before !== undefined &&
      before.model !== one.model &&
      places.slice(before.at, one.at).some(({ item }) => isConcept(item, 'or'))
    );
  });
}

const around = (mentions: readonly Mention[]): Span => ({
  start: mentions[0]?.start ?? 0,
  end: mentions.at(-1)?.end ?? 0,
});

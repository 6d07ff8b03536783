import type { BusinessModel } from '../../intent-types';
import { withoutScopes } from './scope-rules';
import { isConcept, isText, type Span } from '../items/item-rules';
import { unknownKept } from './kept-rules';
import { isUseOrStop, type Mention, mentionsOf } from './mention-rules';
import type { Doubt, Place, SentenceContext } from '../items/place-rules';

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
  /** Nothing but a shop is spoken of, as what one has. */
  isOnlyWeak: boolean;
  /** Models are spoken of only as what is there. */
  isOnlyThere: boolean;
  /** Models are spoken of only as what is to end. */
  isOnlyDropped: boolean;
  /** Clauses about subscriptions that are to end: their prices are not asked for. */
  endingClauses: ReadonlySet<number>;
}

/** Which model a sentence asks for. @param isFree something is free of charge, which is how freemium is described */
export function readModel(places: readonly Place[], context: SentenceContext, isFree: Span | null): ModelReading {
  const unclear = places.find((place) => isUseOrStop(places, place));
  const { mentions, doubt } = withoutScopes(mentionsOf(places), places, context.businessModel);
  const dropped = mentions.filter(({ manner }) => manner === 'dropped');
  const isOver = (one: Mention) => dropped.some(({ model, at }) => model === one.model && at > one.at);
  const isAfterEnd = (one: Mention) => dropped.some(({ model, at }) => model === one.model && at < one.at);
  const torn = mentions.find((one) => one.manner === 'kept' && (isOver(one) || isAfterEnd(one)));
  const there = mentions.filter(({ manner }) => manner === 'there');
  const wanted = withoutBackground(
    mentions.filter((one) => one.manner !== 'dropped' && one.manner !== 'there' && !isOver(one)),
    places,
  );
  const base = {
    span: wanted.find(({ manner }) => manner === 'target') ?? wanted[0] ?? null,
    dropped: dropped.map(({ model }) => model),
    isNamed: mentions.length > 0,
    isKept: wanted.some(({ manner }) => manner === 'kept' || manner === 'added'),
    isOnlyWeak: mentions.every(({ isWeak, manner }) => isWeak && manner === 'bare'),
    isOnlyThere: mentions.length > 0 && mentions.length === there.length,
    isOnlyDropped: dropped.length > 0 && wanted.length === 0,
    endingClauses: new Set(
      dropped
        .filter(({ model, clause }) => model !== 'retail' && !wanted.some((one) => one.clause === clause))
        .filter((one) => wanted.length === 0 || !isBeforeColon(places, one))
        .map(({ clause }) => clause),
    ),
  };

  if (unclear !== undefined) {
    return { ...base, model: null, doubt: { code: 'word_unclear', span: unclear.item } };
  }
  if (doubt !== null) {
    return { ...base, model: null, doubt };
  }
  // “Vừa bán lẻ vừa không bán lẻ”, “chuyển sang thuê bao và chuyển sang freemium”.
  if (torn !== undefined || haveTwoTargets(wanted)) {
    return { ...base, model: null, doubt: { code: 'model_unclear', span: torn ?? around(wanted) } };
  }
  const names = new Set(wanted.map(({ model }) => model));

  if (wanted.length === 1 && !names.has('multi') && !names.has('retail') && isOneOfTwo(places)) {
    return { ...base, model: null, doubt: { code: 'keep_or_replace', span: around(wanted) } };
  }

  const areTorn = wanted.length === 2 && names.has('freemium') && names.has('subscription') && isBut(places, wanted);

  if (areTorn || (wanted.length > 1 && names.size > 1 && isAlternative(places, wanted))) {
    return { ...base, model: null, doubt: { code: 'model_unclear', span: around(wanted) } };
  }
  // “Chuyển sang thuê bao, vẫn chỉ bán lẻ”: one is said to be alone, and is not.
  if (
    names.size > 1 &&
    (wanted.some(({ isOnly, manner }) => isOnly && (manner === 'kept' || manner === 'target')) || areBothAlone(wanted))
  ) {
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

  const kept = model === 'subscription' || model === 'freemium' ? unknownKept(places) : null;

  // “We keep the winery as it is, and sell subscriptions at 200k”
  if (kept !== null && !isOnlyAdded && !base.dropped.includes('retail')) {
    return { ...base, model: null, doubt: { code: 'keep_or_replace', span: kept.item } };
  }

  return model !== null && isOnlyAdded && model !== 'multi'
    ? { ...base, ...added(model, there.at(-1)?.model ?? context.businessModel, base) }
    : { ...base, model, doubt: null };
}

/** “Only retail and only subscription” */
const areBothAlone = (wanted: readonly Mention[]): boolean =>
  new Set(wanted.filter(({ isOnly }) => isOnly).map(({ model }) => model)).size > 1;

/** “Subscriptions, not freemium: 150k a month”: what stands behind the colon is of what is wanted. */
const isBeforeColon = (places: readonly Place[], { at }: Mention): boolean => {
  const next = places.slice(at + 1).find(({ item }) => !isConcept(item, 'noMore', 'filler', 'noun', 'polite'))?.item;

  return next?.kind === 'break' && next.text === ':';
};

const haveTwoTargets = (wanted: readonly Mention[]): boolean => {
  const targets = new Set(wanted.filter(({ isTurnedTo }) => isTurnedTo).map(({ model }) => model));

  return targets.has('subscription') && targets.has('freemium');
};

/** “Cả lẻ cả thuê bao”, “vừa … vừa …”: two things are spoken of, of which one alone is known. */
const isOneOfTwo = (places: readonly Place[]): boolean =>
  [/^cả$/, /^vừa$/].some((word) => places.filter(({ item }) => isText(item, word)).length > 1);

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
  { span, dropped }: Pick<ModelReading, 'span' | 'dropped'>,
): Pick<ModelReading, 'model' | 'doubt'> {
  // “Add a membership, and stop selling products.”
  if (dropped.includes('retail')) {
    return { model, doubt: null };
  }
  if (today === null) {
    return { model: null, doubt: { code: 'keep_or_replace', span } };
  }
  // Freemium has subscriptions already.
  if (today === model || today === 'multi' || (today === 'freemium' && model === 'subscription')) {
    return { model: null, doubt: null };
  }

  return { model: model === 'retail' || today === 'retail' ? 'multi' : 'freemium', doubt: null };
}

/** Leaves out what is told as it is: “my shop”, and what is named before the sentence turns to something else. */
function withoutBackground(mentions: readonly Mention[], places: readonly Place[]): Mention[] {
  const strong = mentions.filter(
    (one) => !one.isWeak || one.manner !== 'bare' || mentions.some((other) => isJoinedTo(places, one, other)),
  );
  const turn = strong.findIndex(({ manner }) => manner === 'target');

  return strong.filter(
    ({ manner, clause }, index) =>
      manner !== 'bare' || index > turn || !strong.some((one) => one.manner === 'target' && one.clause >= clause),
  );
}

/** “The yarn shop and a subscription” */
function isJoinedTo(places: readonly Place[], one: Mention, other: Mention): boolean {
  const between = places.slice(one.at + 1, other.at).map(({ item }) => item);

  return (
    other.at > one.at &&
    other.model !== one.model &&
    isText(between[0], /^(và|and|&|\+|với)$/) &&
    between.slice(1).every((item) => isConcept(item, 'filler'))
  );
}

/** “I want subscriptions but my partner wants freemium.” */
const isBut = (places: readonly Place[], [one, other]: readonly Mention[]): boolean =>
  places.slice(one?.at, other?.at).some(({ item }) => isText(item, /^(but|nhưng|nhưng mà)$/)) &&
  other?.manner !== 'kept' &&
  other?.manner !== 'added';

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

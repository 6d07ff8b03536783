import { addRatios, compareRatios, lesserRatio, type Ratio, subtractRatios, ZERO } from '../../money/ratio-rules';

/**
 * What usage draws on units that were bought ahead. Nothing of it is stored: it follows from the top-ups, the times that are
 * billed, and what was used when. Instants are epoch milliseconds, spans half open.
 */

/** Units of a meter that were paid for. */
export interface TopUp {
  readonly id: number;
  readonly units: Ratio;
  /** From its payment on. */
  readonly from: number;
  /** When it expires, or was taken back; null: never. */
  readonly until: number | null;
  /** When it was to expire: what is taken back has been drawn in its turn all the same. Absent: as `until`. */
  readonly expiresAt?: number | null;
}

/** A stretch of service whose usage is billed at one price. No two of a customer's meter overlap. */
export interface BilledTime {
  readonly startsAt: number;
  readonly endsAt: number;
  /** What its price has for nothing: drawn as a balance that expires with it. */
  readonly freeUnits: Ratio;
  /** false: its price knows no units, so top-ups are left alone. */
  readonly isPrepayable: boolean;
}

/** What was used in a span; less than nothing where corrections outweigh it. */
export interface UsedSpan {
  readonly startsAt: number;
  /** null: it is the last one, and open. */
  readonly endsAt: number | null;
  readonly units: Ratio;
}

export interface DrawnSpan extends UsedSpan {
  /** What top-ups cover of it; less than nothing where a correction gives back what an earlier span had drawn. */
  readonly covered: Ratio;
}

export interface Draws {
  /** What is drawn of each top-up. */
  readonly drawn: ReadonlyMap<number, Ratio>;
  readonly spans: readonly DrawnSpan[];
}

/**
 * The spans whose usage is to be counted for a drawing: within one nothing begins or ends, so that a sum is enough, and
 * neither order nor batches of events can make a difference. Of a billed time that a top-up reaches, all of it.
 * @param cuts instants to be told apart besides, epoch milliseconds
 */
export function spansToCount(
  topUps: readonly TopUp[],
  billed: readonly BilledTime[],
  cuts: readonly number[] = [],
): Omit<UsedSpan, 'units'>[] {
  const reached = billed.filter((time) => topUps.some((topUp) => doOverlap(topUp, time)));
  const bounds = [
    ...cuts,
    ...topUps.flatMap(({ from, until }) => (until === null ? [from] : [from, until])),
    ...billed.flatMap(({ startsAt, endsAt }) => [startsAt, endsAt]),
  ];
  const instants = [...new Set(bounds)].sort((left, right) => left - right);

  return instants
    .map((startsAt, nth) => ({ startsAt, endsAt: instants[nth + 1] ?? null }))
    .filter(
      (span) =>
        reached.some(({ startsAt, endsAt }) => startsAt <= span.startsAt && span.startsAt < endsAt) ||
        topUps.some((topUp) => isValidOver(topUp, span)),
    );
}

/**
 * Those that what is drawn from an instant on depends on: what was over before it, and before all that the others share a
 * billed time with, makes no difference to it.
 */
export function topUpsThatCount<Paid extends TopUp>(
  topUps: readonly Paid[],
  billed: readonly BilledTime[],
  since: number,
): Paid[] {
  const isSince = ({ until }: TopUp) => until === null || until > since;
  const counting = topUps.filter(isSince);
  const earliest = Math.min(
    since,
    ...counting.map(({ from }) => from),
    ...billed.filter((time) => counting.some((topUp) => doOverlap(topUp, time))).map(({ startsAt }) => startsAt),
    ...billed.filter(({ endsAt }) => endsAt > since).map(({ startsAt }) => startsAt),
  );

  return earliest < since ? topUpsThatCount(topUps, billed, earliest) : counting;
}

/**
 * Draws usage on what there is: what expires first goes first, then what was there first. A correction takes back what its own
 * billed time is charged for, then what that has drawn, the latest first. Drawn and uncovered come to what was used.
 * @param used of `spansToCount`
 */
export function drawPrepaid(topUps: readonly TopUp[], billed: readonly BilledTime[], used: readonly UsedSpan[]): Draws {
  const left = new Map(topUps.map(({ id, units }) => [id, units]));
  const spans: DrawnSpan[] = [];
  let group: Group | null = null;

  for (const span of [...used].sort((one, other) => one.startsAt - other.startsAt)) {
    const time = billed.find(({ startsAt, endsAt }) => startsAt <= span.startsAt && span.startsAt < endsAt) ?? null;

    if (group === null || time === null || group.time !== time) {
      group = { time, freeLeft: time?.freeUnits ?? ZERO, draws: [], uncovered: ZERO };
    }
    const covered =
      span.units.numerator < 0n
        ? giveBack(group, subtractRatios(ZERO, span.units), left)
        : take(group, span, { left, topUps });
    spans.push({ ...span, covered });
  }

  return { drawn: new Map(topUps.map(({ id, units }) => [id, subtractRatios(units, left.get(id) ?? ZERO)])), spans };
}

/** Spans that corrections look back over: those of one billed time; of what nothing bills, each for itself. */
interface Group {
  readonly time: BilledTime | null;
  freeLeft: Ratio;
  /** In their order; `topUpId` null: of the free units. */
  readonly draws: { topUpId: number | null; units: Ratio }[];
  uncovered: Ratio;
}

/** @returns what top-ups cover */
function take(
  group: Group,
  span: UsedSpan,
  { left, topUps }: { left: Map<number, Ratio>; topUps: readonly TopUp[] },
): Ratio {
  // A correction that had nothing to take back is made up for first.
  const owed = lesserRatio(span.units, atLeastZero(subtractRatios(ZERO, group.uncovered)));
  let wanted = subtractRatios(span.units, owed);
  let covered = ZERO;

  for (const source of sourcesOf(group, span, topUps)) {
    const there = source === null ? group.freeLeft : (left.get(source) ?? ZERO);
    const units = lesserRatio(wanted, there);

    if (units.numerator === 0n) {
      continue;
    }
    wanted = subtractRatios(wanted, units);
    group.draws.push({ topUpId: source, units });

    if (source === null) {
      group.freeLeft = subtractRatios(there, units);
    } else {
      left.set(source, subtractRatios(there, units));
      covered = addRatios(covered, units);
    }
  }
  group.uncovered = addRatios(group.uncovered, addRatios(owed, wanted));

  return covered;
}

/** What a span may draw on, in that order; null: the free units of its billed time. */
function sourcesOf({ time }: Group, span: UsedSpan, topUps: readonly TopUp[]): (number | null)[] {
  const valid = time?.isPrepayable === false ? [] : topUps.filter((topUp) => isValidOver(topUp, span));
  const sources = [
    ...(time === null ? [] : [{ id: null, from: time.startsAt, expiresAt: time.endsAt }]),
    ...valid.map(({ id, from, until, expiresAt = until }) => ({ id, from, expiresAt })),
  ];

  return sources
    .sort(
      (one, other) =>
        soonest(one.expiresAt, other.expiresAt) || one.from - other.from || (one.id ?? 0) - (other.id ?? 0),
    )
    .map(({ id }) => id);
}

/** null: never */
function soonest(one: number | null, other: number | null): number {
  return one === other ? 0 : (one ?? Infinity) - (other ?? Infinity);
}

/** @returns what top-ups cover less than before, below zero */
function giveBack(group: Group, units: Ratio, left: Map<number, Ratio>): Ratio {
  const charged = lesserRatio(units, atLeastZero(group.uncovered));
  let rest = subtractRatios(units, charged);
  let covered = ZERO;
  group.uncovered = subtractRatios(group.uncovered, charged);

  while (rest.numerator > 0n) {
    const draw = group.draws.pop();

    if (draw === undefined) {
      group.uncovered = subtractRatios(group.uncovered, rest);
      break;
    }
    const back = lesserRatio(rest, draw.units);
    rest = subtractRatios(rest, back);

    if (compareRatios(back, draw.units) < 0) {
      group.draws.push({ ...draw, units: subtractRatios(draw.units, back) });
    }

    if (draw.topUpId === null) {
      group.freeLeft = addRatios(group.freeLeft, back);
    } else {
      left.set(draw.topUpId, addRatios(left.get(draw.topUpId) ?? ZERO, back));
      covered = subtractRatios(covered, back);
    }
  }

  return covered;
}

const atLeastZero = (value: Ratio): Ratio => (value.numerator < 0n ? ZERO : value);

/** Its bounds are among those that spans are cut at. */
function isValidOver({ from, until }: TopUp, { startsAt }: { startsAt: number }): boolean {
  return from <= startsAt && (until === null || startsAt < until);
}

function doOverlap({ from, until }: TopUp, { startsAt, endsAt }: BilledTime): boolean {
  return from < endsAt && (until === null || startsAt < until);
}

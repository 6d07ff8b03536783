import type { Draft } from './draft-types';
import type { Gathering } from './gathering-types';
import type { Name } from '../names/name-rules';
import type { Place } from '../items/place-rules';

/** Opens an offer at its noun, its name or its price, and takes the words of its name. */
export function openDraft(gathering: Gathering, place: Place, kind: Draft['kind'], name: Name | null): Draft {
  const last = gathering.drafts.at(-1);
  gathering.section = kind;
  name?.places.forEach((index) => gathering.used.add(index));

  // “$3 a month for extra storage”: the price came first.
  if (last !== undefined && isPriceFor(last, place) && name !== null) {
    return Object.assign(last, { kind, name });
  }

  // “Các gói: gói Pro …”: the first noun has named nothing.
  if (last !== undefined && isBlank(last)) {
    gathering.drafts.pop();
  }
  const draft: Draft = {
    kind,
    name,
    start: place.item.start,
    end: place.item.end,
    amount: null,
    period: null,
    otherPeriod: null,
    perSeat: null,
    free: null,
    clause: place.clause,
    at: place.at,
    isVague: false,
    isPlanOrAddon: false,
  };
  gathering.drafts.push(draft);

  return draft;
}

/** A price that nothing has been said of yet, in the clause of what it may be for. */
const isPriceFor = ({ amount, name, start, clause }: Draft, place: Place): boolean =>
  amount !== null && name === null && amount.start === start && clause === place.clause && place.isFor;

export const isBlank = ({ amount, name, free }: Draft): boolean => amount === null && name === null && free === null;

/** “$1,200 a year, plan Enterprise”: the name of a price that came before. */
export function joinNamesToPrices({ drafts }: Gathering, isApart: (from: number, to: number) => boolean): void {
  for (let index = drafts.length - 1; index > 0; index -= 1) {
    const [before, draft] = [drafts[index - 1] as Draft, drafts[index] as Draft];
    const isNameOnly = draft.name !== null && draft.amount === null && draft.free === null;

    if (
      isNameOnly &&
      before.amount !== null &&
      before.name === null &&
      before.kind === 'plan' &&
      draft.kind === 'plan' &&
      !isApart(before.at, draft.at)
    ) {
      before.name = draft.name;
      drafts.splice(index, 1);
    }
  }
}

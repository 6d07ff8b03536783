import type { Draft } from '../offers/draft-types';

/**
 * What the rules have made of a sentence, at its end. `used`: places whose words are spent; `anchor`: of the first thing that is
 * asked for, before which a sentence tells of the business.
 */
export interface ReadSoFar {
  drafts: readonly Draft[];
  used: ReadonlySet<number>;
  /** Of those the places of promotions. */
  promised: ReadonlySet<number>;
  anchor: number;
}

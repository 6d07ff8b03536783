import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** What a link of ours in a mail lets its holder do. Each purpose has a key of its own: no token passes for another. */
export type LinkPurpose = 'pay' | 'confirm-email' | 'reset-password';

/** Whole numbers that a token carries, readable by anybody, with a proof that we wrote them. */
export interface SignedToken {
  ids: readonly number[];
  /** Whether it was made for these ids and for this `bound`, which the token does not carry. */
  isSignedFor(bound: string): boolean;
}

export interface SignedLinks {
  /**
   * The address of one of our pages. Nothing is stored: the same input gives the same link, at every try of a mail.
   * @param bound what the link ends with, such as a password's hash: when that changes, the token is worth nothing
   */
  linkTo(purpose: LinkPurpose, ids: readonly number[], bound?: string): string;
  /** Null for text that is no token of so many ids. It proves nothing before `isSignedFor` has been asked. */
  readToken(purpose: LinkPurpose, count: number, token: string): SignedToken | null;
}

const paths: Readonly<Record<LinkPurpose, string>> = {
  pay: 'pay',
  'confirm-email': 'account/confirm',
  'reset-password': 'account/password',
};

/**
 * Links that need no table (they are written into mails after the transaction that decided on them): ids in plain sight
 * with 192 bits of HMAC-SHA256, by keys derived from the installation's secret. Another secret ends every link.
 * @param options.secret at least 32 bytes; every process of an installation has the same
 * @param options.publicUrl where customers reach the API
 */
export function createSignedLinks({ secret, publicUrl }: { secret: string; publicUrl: string }): SignedLinks {
  const keys = new Map<LinkPurpose, Buffer>();
  const keyOf = (purpose: LinkPurpose): Buffer => {
    const known = keys.get(purpose) ?? Buffer.from(hkdfSync('sha256', secret, '', `bmms link ${purpose}`, 32));
    keys.set(purpose, known);

    return known;
  };
  const proofOf = (purpose: LinkPurpose, ids: readonly number[], bound: string): Buffer =>
    createHmac('sha256', keyOf(purpose))
      .update(`${ids.join('.')}\n${bound}`)
      .digest()
      .subarray(0, 24);

  return {
    linkTo(purpose, ids, bound = '') {
      const token = [...ids, proofOf(purpose, ids, bound).toString('base64url')].join('.');

      return `${publicUrl.replace(/\/+$/, '')}/${paths[purpose]}/${token}`;
    },

    readToken(purpose, count, token) {
      const parts = token.split('.');
      const proof = parts.pop() ?? '';

      if (
        parts.length !== count ||
        !parts.every((part) => /^[1-9]\d{0,14}$/.test(part)) ||
        !/^[\w-]{32}$/.test(proof)
      ) {
        return null;
      }
      const ids = parts.map(Number);

      return {
        ids,
        isSignedFor: (bound) => timingSafeEqual(Buffer.from(proof, 'base64url'), proofOf(purpose, ids, bound)),
      };
    },
  };
}

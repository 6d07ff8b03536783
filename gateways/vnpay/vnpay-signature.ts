import { createHmac, timingSafeEqual } from 'node:crypto';

/** VNPay parameters by name, already decoded. */
export type VnpayParams = Readonly<Record<string, string>>;

const HASH_FIELDS: ReadonlySet<string> = new Set(['vnp_SecureHash', 'vnp_SecureHashType']);

/** Lower-case hex of HMAC-SHA512 over the UTF-8 bytes of `data`. */
export function hmacSha512(secret: string, data: string): string {
  return createHmac('sha512', secret).update(data, 'utf8').digest('hex');
}

/**
 * The text that is signed, which is also the query that is sent, byte for byte: empty values and the two hash fields
 * left out, names ascending, both sides as application/x-www-form-urlencoded (a space is `+`).
 */
export function canonicalQuery(params: VnpayParams): string {
  const kept = Object.entries(params).filter(([name, value]) => value !== '' && !HASH_FIELDS.has(name));
  kept.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));

  return new URLSearchParams(kept).toString();
}

/** Signature of a payment request, return or notification. */
export function signVnpayParams(params: VnpayParams, secret: string): string {
  return hmacSha512(secret, canonicalQuery(params));
}

/** The signed query: canonical parameters with `vnp_SecureHash` at the end. Version 2.1.0 sends no hash type. */
export function signedQuery(params: VnpayParams, secret: string): string {
  const query = canonicalQuery(params);

  return `${query}&vnp_SecureHash=${hmacSha512(secret, query)}`;
}

/** Appends the signed query to an address that may have a query of its own. */
export function signedUrl(address: string, params: VnpayParams, secret: string): string {
  return `${address}${address.includes('?') ? '&' : '?'}${signedQuery(params, secret)}`;
}

/** Compares two hex hashes in constant time; upper case is accepted, anything but 128 hex digits is refused. */
export function isSameHash(expected: string, given: unknown): boolean {
  if (typeof given !== 'string' || !/^[0-9a-fA-F]{128}$/.test(given)) {
    return false;
  }

  return timingSafeEqual(Buffer.from(expected, 'hex'), Buffer.from(given, 'hex'));
}

/** Whether the parameters carry the right hash over everything else in them. */
export function hasValidSignature(params: VnpayParams, secret: string): boolean {
  return isSameHash(signVnpayParams(params, secret), params.vnp_SecureHash);
}

/** Text of the querydr and refund signatures: the values in the protocol's order, joined by `|`, not encoded. */
export function pipeJoined(fields: Readonly<Record<string, string | undefined>>, order: readonly string[]): string {
  return order.map((name) => fields[name] ?? '').join('|');
}

/**
 * A payment's name at its provider: the installation's prefix and the payment's id. The prefix keeps several
 * installations of one merchant apart; it holds letters and digits only (providers accept no more) and ends in a letter,
 * so that no two prefixes can make the same reference.
 *
 * @throws Error when the prefix cannot do that
 */
export function paymentReference(prefix: string, paymentId: number): string {
  if (!/^(?:[A-Za-z0-9]{0,39}[A-Za-z])?$/.test(prefix)) {
    throw new Error(`"${prefix}" cannot begin payment references: use up to 40 letters and digits, a letter last.`);
  }

  return `${prefix}${paymentId}`;
}

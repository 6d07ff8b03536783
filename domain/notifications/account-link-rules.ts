/** A link to choose another password is good for an hour from when it was asked for. */
export const passwordLinkMs = 60 * 60_000;

/** What a link to choose another password ends with: the password it replaces, or the address it was sent to, changes. */
export function passwordBound({ email, passwordHash }: { email: string; passwordHash: string }): string {
  return `${email}\n${passwordHash}`;
}

/** What a link to confirm an address ends with. */
export function emailBound({ email }: { email: string }): string {
  return email;
}

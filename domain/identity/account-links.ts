import type { Database, TenantTransaction } from '../../platform/db/database';
import { AppError } from '../errors';
import { emailBound, passwordBound, passwordLinkMs } from '../notifications/account-link-rules';
import type { LinkPurpose, SignedLinks, SignedToken } from '../notifications/signed-links';
import { accountParts, type UserRow } from './account';

/** The user whom a link in a mail is for. */
export interface LinkedUser {
  companyId: number;
  userId: number;
  email: string;
  /** Of the billing account; null for people of the company. */
  locale: string | null;
  isEmailVerified: boolean;
}

export interface AccountLinks {
  /** @throws AppError link_invalid */
  openPasswordLink(token: string, now: Date): Promise<LinkedUser>;
  /** The same under the user's lock, so that of two uses of one link one wins. @throws AppError link_invalid */
  claimPasswordLink(tx: TenantTransaction, token: string, now: Date): Promise<LinkedUser>;
  /** Good for as long as the address is the user's. @throws AppError link_invalid */
  openEmailLink(token: string): Promise<LinkedUser>;
}

/**
 * Reads links about accounts. A link to choose a password is bound to the one it replaces and ends within the hour; a link
 * to confirm an address is bound to the address.
 */
export function createAccountLinks(links: SignedLinks, database: Database): AccountLinks {
  const find = (purpose: LinkPurpose, count: number, token: string): SignedToken => {
    const read = links.readToken(purpose, count, token);

    if (read === null) {
      throw new AppError('link_invalid');
    }

    return read;
  };
  const passwordLink = async (tx: TenantTransaction, token: string, now: Date): Promise<LinkedUser> => {
    const read = find('reset-password', 3, token);
    const askedAt = idOf(read, 2);
    const user = await readUser(tx, idOf(read, 1));
    const isInTime = now.getTime() >= askedAt && now.getTime() < askedAt + passwordLinkMs;

    if (user === null || !isInTime || !read.isSignedFor(passwordBound(user))) {
      throw new AppError('link_invalid');
    }

    return linked(user);
  };

  return {
    openPasswordLink: async (token, now) =>
      database.withTenant(idOf(find('reset-password', 3, token), 0), (tx) => passwordLink(tx, token, now)),

    async claimPasswordLink(tx, token, now) {
      const userId = idOf(find('reset-password', 3, token), 1);
      await tx.orm.$queryRaw`SELECT FROM customer.users WHERE id = ${userId}::bigint FOR UPDATE`;

      return passwordLink(tx, token, now);
    },

    async openEmailLink(token) {
      const read = find('confirm-email', 2, token);
      const user = await database.withTenant(idOf(read, 0), (tx) => readUser(tx, idOf(read, 1)));

      if (user === null || !read.isSignedFor(emailBound(user))) {
        throw new AppError('link_invalid');
      }

      return linked(user);
    },
  };
}

/** One of the ids that a link carries. @throws AppError link_invalid when it carries fewer */
function idOf({ ids }: SignedToken, place: number): number {
  const id = ids[place];

  if (id === undefined) {
    throw new AppError('link_invalid');
  }

  return id;
}

type FoundUser = UserRow & { locale: string | null };

async function readUser(tx: TenantTransaction, id: number): Promise<FoundUser | null> {
  const user = await tx.orm.user.findUnique({ where: { id, status: 'active' }, include: accountParts });

  if (user === null) {
    return null;
  }
  const [customer] = user.customers;
  const account =
    customer === undefined
      ? null
      : await tx.orm.billingAccount.findFirst({ where: { customerId: customer.id }, select: { locale: true } });

  return { ...user, locale: account?.locale ?? null };
}

function linked(user: FoundUser): LinkedUser {
  return {
    companyId: Number(user.companyId),
    userId: Number(user.id),
    email: user.email,
    locale: user.locale,
    isEmailVerified: user.emailVerifiedAt !== null,
  };
}

import type { Request } from 'express';

import { AppError } from '../../../domain/errors';
import type { Principal } from '../../../domain/identity/principal';
import type { AccountStanding } from './account-standing';
import type { CompanyDirectory, KnownCompany } from './company-directory';
import type { Access } from '../pipeline/route';

const slugPattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export interface CompanyRules {
  standing: AccountStanding;
  directory: CompanyDirectory;
  /** Slug of the company that answers where nobody names one. */
  defaultCompany: string;
  /** Host of PUBLIC_URL; `acme.<host>` is the company acme. */
  publicHost: string;
}

/**
 * The company a request is for (D6): the token's; of a super_admin, the one X-Company names; without a token X-Company,
 * else the host's, else the default one. A provider's callback names its company by the payment, so there it is 0 when
 * nothing else is known.
 * @throws AppError company_not_found | company_suspended (a super_admin may still act, so as to reopen it)
 */
export async function resolveCompany(
  request: Request,
  principal: Principal | null,
  access: Access,
  rules: CompanyRules,
): Promise<number> {
  const company = await findCompany(request, principal, rules);

  if (access === 'provider') {
    return company?.id ?? 0;
  }
  if (company === null) {
    throw new AppError('company_not_found');
  }
  if (company.isSuspended && principal?.role !== 'super_admin') {
    throw new AppError('company_suspended');
  }

  return company.id;
}

async function findCompany(
  request: Request,
  principal: Principal | null,
  rules: CompanyRules,
): Promise<KnownCompany | null> {
  const named = request.get('X-Company');

  if (principal !== null && (principal.role !== 'super_admin' || named === undefined)) {
    return rules.directory.findById(principal.companyId);
  }
  const slug = (named ?? slugOfHost(request.hostname, rules.publicHost) ?? rules.defaultCompany).trim().toLowerCase();

  return slugPattern.test(slug) ? rules.directory.findBySlug(slug) : null;
}

/** `acme.shop.example` names acme where the API itself is `shop.example`; so does `acme.localhost`. */
function slugOfHost(host: string | undefined, publicHost: string): string | undefined {
  const suffix = [`.${publicHost}`, '.localhost'].find((ending) => host?.toLowerCase().endsWith(ending) === true);

  return suffix === undefined ? undefined : host?.slice(0, -suffix.length);
}

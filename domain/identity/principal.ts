import { AppError } from '../errors';

export const roles = ['super_admin', 'company_admin', 'shop_manager', 'staff', 'customer'] as const;
export type Role = (typeof roles)[number];

/** Roles of people who work for a company; what a company_admin may give and take. */
export const staffRoles = ['company_admin', 'shop_manager', 'staff'] as const;
export type StaffRole = (typeof staffRoles)[number];

/** Who a valid access token says is calling. */
export interface Principal {
  userId: number;
  companyId: number;
  role: Role;
  email: string;
  /** The customer record of a user with role customer. */
  customerId: number | null;
}

/** True of customers, who see only what is their own (S302). */
export function isCustomer(principal: Principal | null): principal is Principal & { role: 'customer' } {
  return principal?.role === 'customer';
}

/** The only customer whose rows a caller may see; undefined for employees, who see all of their company. @throws AppError forbidden */
export function ownCustomer(principal: Principal | null): number | undefined {
  if (!isCustomer(principal)) {
    return undefined;
  }

  if (principal.customerId === null) {
    throw new AppError('forbidden', { detail: 'This user is no customer.' });
  }

  return principal.customerId;
}

/**
 * The customer that a request names, or whose rows it asks for: a customer's own is understood, another's is refused.
 * @param field where the request names it: `/customerId` of a body, `customerId` of a query
 * @throws AppError forbidden when a customer names another
 */
export function namedCustomer(
  principal: Principal | null,
  named: number | undefined,
  field = 'customerId',
): number | undefined {
  const own = ownCustomer(principal);

  if (own !== undefined && named !== undefined && named !== own) {
    throw new AppError('forbidden', { detail: 'A customer acts for themselves only.', field });
  }

  return own ?? named;
}

/** What belongs to others is answered as if it were not there (S302). @throws AppError not_found */
export function assertMaySee(principal: Principal | null, customerId: number): void {
  const own = ownCustomer(principal);

  if (own !== undefined && own !== customerId) {
    throw new AppError('not_found', { detail: 'There is no such customer.' });
  }
}

/** Whom an order or a subscription is for. @throws AppError forbidden; customer_required when nobody is named */
export function actingFor(principal: Principal | null, named: number | undefined): number {
  const customerId = namedCustomer(principal, named, '/customerId');

  if (customerId === undefined) {
    throw new AppError('customer_required', { detail: 'Name the customer this is for.', field: '/customerId' });
  }

  return customerId;
}

/** True of everybody who works for the company, and of operators acting for it. */
export function isEmployee(principal: Principal | null): boolean {
  return principal !== null && !isCustomer(principal);
}

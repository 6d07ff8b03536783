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

/** The only customer whose rows a caller may see; undefined for employees, who see all of their company. */
export function ownCustomer(principal: Principal | null): number | undefined {
  return isCustomer(principal) ? (principal.customerId ?? 0) : undefined;
}

/** True of everybody who works for the company, and of operators acting for it. */
export function isEmployee(principal: Principal | null): boolean {
  return principal !== null && !isCustomer(principal);
}

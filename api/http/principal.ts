import type { Role } from './route';

/** Who a valid access token says is calling. */
export interface Principal {
  userId: number;
  companyId: number;
  role: Role;
  email: string;
  /** The customer record of a user with role customer. */
  customerId: number | null;
}

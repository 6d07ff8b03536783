/** Who is billed. `timeZone` is the one its days begin in (D19). */
export interface BillingParty {
  billingAccountId: number;
  customerId: number;
  name: string;
  email: string;
  currency: string;
  timeZone: string;
  locale: string;
  /** On a test clock: its documents are numbered apart (D26). */
  isTest: boolean;
}

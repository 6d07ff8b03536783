/** One run of dunning for one invoice (D23). */
export interface DunningRun {
  invoiceId: number;
  firstFailedAt: number;
  /** Failed charges or reminders so far, the failure that began it included. */
  attempts: number;
  /** The method was refused for good: it is not charged again, a new one is tried at once. */
  isHard: boolean;
  nextAttemptAt: number | null;
  endsAt: number | null;
}

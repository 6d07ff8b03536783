/** A shop that is measured: bmms, or what its users could take instead. */
export interface Peer {
  name: string;
  /** CPU so far by process, user and system, ms. */
  cpu(): Record<string, number>;
  /** Client n places one order and pays it. @throws Error when an answer is not as it should be */
  buy(client: number): Promise<void>;
  stop(): Promise<void>;
}

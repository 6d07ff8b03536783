import { closedLoop } from '../closed-loop';
import { spreadOf } from '../spread';
import { startBmms } from './bmms-peer';
import type { Peer } from './peer';
import { startVendure } from './vendure/vendure-peer';

interface Taking {
  rate: number;
  /** By process, for an order; ms. */
  cpu: Record<string, number>;
}

const clients = 8;
const warmUpSeconds = 8;

/**
 * bmms and Vendure take the same orders in turn, the order turned round each time, each on servers of its own: one line
 * of one product with 10 % tax and stock, placed and paid by a method that says yes at once.
 */
export async function benchPeers(options: { rounds: number; seconds: number }): Promise<void> {
  const peers: Peer[] = [];

  try {
    peers.push(await startVendure(clients));
    peers.push(await startBmms(clients));

    for (const peer of peers) {
      await take(peer, warmUpSeconds);
    }
    const rounds: Taking[][] = [];
    console.log(`\nplaced and paid by ${clients} clients, ${options.seconds} s at a time, in turn\n`);
    console.log(`round  ${peers.map(({ name }) => `${name}: orders/s, CPU ms/order`).join('   ')}`);

    for (let round = 0; round < options.rounds; round += 1) {
      const taken: Taking[] = [];

      for (const place of round % 2 === 0 ? [0, 1] : [1, 0]) {
        taken[place] = await take(peers[place] as Peer, options.seconds);
      }
      rounds.push(taken);
      console.log(
        `${String(round + 1).padStart(5)}  ${taken.map((one) => `${one.rate.toFixed(1)}, ${sumOf(one).toFixed(1)}`).join('   ')}`,
      );
    }
    tell(peers, rounds);
  } finally {
    await Promise.all(peers.map((peer) => peer.stop()));
  }
}

async function take(peer: Peer, seconds: number): Promise<Taking> {
  const before = peer.cpu();
  const { completed, failures, seconds: took } = await closedLoop(clients, seconds, (client) => peer.buy(client));
  const after = peer.cpu();

  if (failures.length > 0 || completed === 0) {
    throw new Error(`${peer.name}: ${failures.length} orders failed: ${failures[0] ?? 'none was completed'}`);
  }

  return {
    rate: completed / took,
    cpu: Object.fromEntries(
      Object.entries(after).map(([part, now]) => [part, (now - (before[part] ?? 0)) / completed]),
    ),
  };
}

const sumOf = ({ cpu }: Taking): number => Object.values(cpu).reduce((sum, one) => sum + one, 0);

function tell(peers: readonly Peer[], rounds: readonly Taking[][]): void {
  peers.forEach(({ name }, place) => {
    const own = rounds.flatMap((round) => round[place] ?? []);
    const parts = Object.keys(own[0]?.cpu ?? {}).map(
      (part) => `${part} ${spreadOf(own.map(({ cpu }) => cpu[part] ?? 0)).median.toFixed(1)}`,
    );
    console.log(
      `\n${name}, medians: ${spreadOf(own.map(({ rate }) => rate)).median.toFixed(1)} orders/s; CPU ms/order ${parts.join(' + ')}`,
    );
  });
  const ratio = (of: (taking: Taking) => number) => {
    const { least, median, most } = spreadOf(
      rounds.map(([vendure, bmms]) => of(bmms as Taking) / of(vendure as Taking)),
    );

    return `${least.toFixed(2)} … median ${median.toFixed(2)} … ${most.toFixed(2)}`;
  };
  console.log(`\nbmms to ${peers[0]?.name}: orders/s ${ratio(({ rate }) => rate)}; CPU of an order ${ratio(sumOf)}`);
}

import { spawn } from 'node:child_process';
import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';

import { cpuOf } from '../../process-cpu';
import { benchFolder, freePort } from '../../start-system';
import type { Peer } from '../peer';
import { VendureShopper } from './vendure-shopper';

const sources = path.resolve(__dirname, '../../../../bench/peers/vendure');
const packages = path.join(benchFolder, 'peers', 'vendure');

/** A Vendure shop, installed where it is not yet, on a PostgreSQL and a port of its own. */
export async function startVendure(clients: number): Promise<Peer> {
  await installPackages();
  const data = path.join(benchFolder, 'vendure-data');
  await rm(data, { recursive: true, force: true });
  await mkdir(data, { recursive: true });
  const port = await freePort();
  const child = spawn(process.execPath, [path.join(sources, 'serve-vendure.mjs'), packages, data, String(port)], {
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.stdin.end();
    await ended;
  };

  try {
    const { shopApi, postgresPid } = await new Promise<{ shopApi: string; postgresPid: number }>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith('{"shopApi"')) {
          resolve(JSON.parse(line) as { shopApi: string; postgresPid: number });
        }
      });
      void ended.then(() => reject(new Error('Vendure did not start.')));
    });
    const shoppers = await Promise.all(
      Array.from({ length: clients }, (_, client) => VendureShopper.signUp(shopApi, client)),
    );

    return {
      name: 'Vendure 3.7.3',
      // Its PostgreSQL is a child of it.
      cpu: () => ({ server: cpuOf(child.pid ?? 0) - cpuOf(postgresPid), PostgreSQL: cpuOf(postgresPid) }),
      buy: (client) => (shoppers[client] as VendureShopper).placeAndPay(),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Pinned, without install scripts, apart from the product's packages. */
async function installPackages(): Promise<void> {
  await mkdir(packages, { recursive: true });
  await cp(path.join(sources, 'package.json'), path.join(packages, 'package.json'));
  console.log('installing Vendure (minutes, once)');
  const npm = spawn(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps', '--prefer-offline'],
    { cwd: packages, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const code = await new Promise<number | null>((resolve) => npm.once('exit', resolve));

  if (code !== 0) {
    throw new Error(`Vendure could not be installed in ${packages}: npm ended with ${code}.`);
  }
}

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface SeverableProxy {
  /** The target's URL with the proxy's address in it. */
  url: string;
  /** Cuts every connection and takes no new one, as a database does that went away. */
  sever(): Promise<void>;
  mend(): Promise<void>;
}

/** A TCP relay in front of a server, for tests of what happens when that server is lost. */
export async function startSeverableProxy(target: URL): Promise<SeverableProxy> {
  const sockets = new Set<Socket>();
  let server: Server | null = null;

  const listen = async (port: number): Promise<number> => {
    server = createServer((incoming) => {
      const outgoing = connect(Number(target.port), target.hostname);

      for (const socket of [incoming, outgoing]) {
        sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          incoming.destroy();
          outgoing.destroy();
          sockets.delete(socket);
        });
      }
      incoming.pipe(outgoing).pipe(incoming);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');

    return (server.address() as AddressInfo).port;
  };

  const port = await listen(0);
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String(port);

  return {
    url: url.toString(),
    async sever() {
      const closing = server;
      server = null;
      closing?.close();
      sockets.forEach((socket) => socket.destroy());

      if (closing !== null) {
        await once(closing, 'close');
      }
    },
    async mend() {
      await listen(port);
    },
  };
}

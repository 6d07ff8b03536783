import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** How the server behind it seems: there, away (connections are refused), or silent (they are taken and nothing comes). */
export type Seeming = 'there' | 'away' | 'silent';

export interface OutageProxy {
  /** host:port */
  address: string;
  seem(how: Seeming): Promise<void>;
  close(): Promise<void>;
}

/** A TCP relay in front of a server, for tests of what happens when that server is lost. */
export async function startOutageProxy(target: { host: string; port: number }): Promise<OutageProxy> {
  const sockets = new Set<Socket>();
  let server: Server | null = null;
  let isSilent = false;

  const relay = (from: Socket, to: Socket): void => {
    from.on('data', (chunk) => {
      // What is said to a silent server is lost; its connection is ended when it speaks again.
      if (!isSilent && !to.destroyed) {
        to.write(chunk);
      }
    });
  };
  const listen = async (port: number): Promise<number> => {
    server = createServer((incoming) => {
      const outgoing = connect(target.port, target.host);

      for (const socket of [incoming, outgoing]) {
        sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          incoming.destroy();
          outgoing.destroy();
          sockets.delete(socket);
        });
      }
      relay(incoming, outgoing);
      relay(outgoing, incoming);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');

    return (server.address() as AddressInfo).port;
  };
  const refuse = async (): Promise<void> => {
    const closing = server;
    server = null;
    closing?.close();
    sockets.forEach((socket) => socket.destroy());

    if (closing !== null) {
      await once(closing, 'close');
    }
  };
  const port = await listen(0);

  return {
    address: `127.0.0.1:${port}`,
    async seem(how) {
      if (how === 'silent') {
        isSilent = true;

        return;
      }
      await refuse();
      isSilent = false;

      if (how === 'there') {
        await listen(port);
      }
    },
    close: refuse,
  };
}

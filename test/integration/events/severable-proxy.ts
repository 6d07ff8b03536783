import { startOutageProxy } from '../../environment/outage-proxy';

export interface SeverableProxy {
  /** The target's URL with the proxy's address in it. */
  url: string;
  /** Cuts every connection and takes no new one, as a database does that went away. */
  sever(): Promise<void>;
  mend(): Promise<void>;
}

/** A TCP relay in front of the server that a URL names. */
export async function startSeverableProxy(target: URL): Promise<SeverableProxy> {
  const proxy = await startOutageProxy({ host: target.hostname, port: Number(target.port) });
  const url = new URL(target);
  url.host = proxy.address;

  return { url: url.toString(), sever: () => proxy.seem('away'), mend: () => proxy.seem('there') };
}

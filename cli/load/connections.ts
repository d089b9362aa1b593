import { Client, Pool, type Dispatcher } from "undici";
import type { Shopper } from "./shoppers.ts";

/** Keep-alive connections of the shoppers, from each one's own address. */
export interface Connections {
  of(shopper: Shopper): Dispatcher;
  /** Ends all of them, requests in flight included. */
  destroy(): Promise<void>;
}

/** Addresses with an open connection; the one that was quiet longest makes room. */
const maxAddresses = 512;
/** Connections of an office; a home has one, and its next request waits for the one before. */
const officeConnections = 8;
/** Shorter than a router keeps them, so that it is never the other side that closes under a request. */
const keepAliveMs = 2_000;
const connectTimeoutMs = 2_000;

export function connectionsTo(origin: string): Connections {
  const open = new Map<string, Dispatcher>();
  const closing = new Set<Dispatcher>();

  const retire = (dispatcher: Dispatcher): void => {
    closing.add(dispatcher);
    dispatcher.close().then(
      () => closing.delete(dispatcher),
      () => closing.delete(dispatcher),
    );
  };

  return {
    of: ({ address, atOffice }) => {
      const known = open.get(address);
      const dispatcher = known ?? connect(origin, address, atOffice);
      if (known !== undefined) open.delete(address);
      open.set(address, dispatcher);
      const [quietest] = open;
      if (open.size > maxAddresses && quietest !== undefined) {
        open.delete(quietest[0]);
        retire(quietest[1]);
      }
      return dispatcher;
    },
    destroy: async () => {
      await Promise.all([...open.values(), ...closing].map((dispatcher) => dispatcher.destroy()));
      open.clear();
    },
  };
}

function connect(origin: string, localAddress: string, atOffice: boolean): Dispatcher {
  const options: Client.Options = {
    localAddress,
    allowH2: false,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    connectTimeout: connectTimeoutMs,
    // The driver bounds each request itself, from its scheduled start.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  return atOffice ? new Pool(origin, { ...options, connections: officeConnections }) : new Client(origin, options);
}

import type { IncomingMessage, ServerResponse } from "node:http";
import helmet from "helmet";

/** Helmet's headers are the same for every answer, so it is asked once which they are. */
export const securityHeaderList: readonly (readonly [name: string, value: string])[] = askHelmet();

function askHelmet(): [string, string][] {
  const headers = new Map<string, string>();
  const recorder = {
    setHeader: (name: string, value: string) => headers.set(name, value),
    removeHeader: (name: string) => headers.delete(name),
  };
  helmet()({} as IncomingMessage, recorder as unknown as ServerResponse, () => undefined);
  return [...headers];
}

import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { distributions } from "./account.ts";
import type { Aws } from "./aws-access.ts";

/**
 * What answers as the shop, for nothing runs in an emulator: every request well, and as CloudFront once the account has a
 * distribution, which keeps what it was asked for.
 */
export async function startShopStub(of: Aws): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const kept = new Set<string>();
  const answer = async (url: string, response: ServerResponse): Promise<void> => {
    const serving = await distributions(of);
    if (serving.length > 0) response.setHeader("x-cache", `${kept.has(url) ? "Hit" : "Miss"} from cloudfront`);
    kept.add(url);
    response.setHeader("content-type", "application/json").end("{}");
  };
  const server = createServer((request, response) => {
    answer(request.url ?? "", response).catch((error: unknown) => response.writeHead(502).end(String(error)));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

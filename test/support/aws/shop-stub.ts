import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { collectDefaultMetrics, Counter, Registry } from "prom-client";
import { metricNames } from "../../../service/contract/metrics.ts";
import { internalRoutes } from "../../../service/contract/routes.ts";
import { distributions } from "./account.ts";
import type { Aws } from "./aws-access.ts";

/**
 * What answers as the shop, for nothing runs in an emulator: every request well, and as CloudFront once the account has a
 * distribution, which keeps what it was asked for. It shows metrics as an instance does, of itself.
 */
export async function startShopStub(
  of: Aws,
): Promise<{ readonly url: string; readonly address: string; stop(): Promise<void> }> {
  const kept = new Set<string>();
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: metricNames.httpRequests,
    help: "Answered requests",
    labelNames: ["method", "route", "status"],
    registers: [registry],
  });
  const answer = async (url: string, response: ServerResponse): Promise<void> => {
    if (url === internalRoutes.metrics) {
      response.setHeader("content-type", registry.contentType).end(await registry.metrics());
      return;
    }
    const serving = await distributions(of);
    if (serving.length > 0) response.setHeader("x-cache", `${kept.has(url) ? "Hit" : "Miss"} from cloudfront`);
    kept.add(url);
    requests.inc({ method: "GET", route: url.split("?")[0] ?? "", status: "200" });
    response.setHeader("content-type", "application/json").end("{}");
  };
  const server = createServer((request, response) => {
    answer(request.url ?? "", response).catch((error: unknown) => response.writeHead(502).end(String(error)));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${address}`,
    address,
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

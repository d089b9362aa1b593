import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { guarded } from "../../../service/http/answer-errors.ts";
import type { Services } from "../../../service/http/services.ts";

it("what is thrown in front of everything that catches is answered as a fault, and reported", async () => {
  const reported: unknown[] = [];
  const services = { logger: { error: () => {} }, faults: { report: (error: unknown) => reported.push(error) } };
  const mistake = new Error("thrown at once");
  const server = createServer(
    guarded(services as unknown as Services, () => {
      throw mistake;
    }),
  ).listen(0, "127.0.0.1");
  try {
    await once(server, "listening");
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect([answer.status, await answer.json()]).toMatchObject([500, { code: "fault" }]);
    expect(reported).toEqual([mistake]);
  } finally {
    server.close();
  }
});

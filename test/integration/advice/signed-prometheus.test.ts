import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { prometheusSource } from "../../../cli/adapters/metrics/prometheus.ts";
import { managedRegion } from "../../../infra/aws/managed-prometheus.ts";
import { awsSigner } from "../../../infra/aws/sign-request.ts";

const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "a-secret-of-nobody", sessionToken: "a-session" };
const region = "eu-central-1";

/** A Prometheus that answers only who has signed the request, by AWS' published steps computed here once more. */
describe("a Managed Prometheus", () => {
  const verdicts: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const verdict = verify(request, Buffer.concat(chunks));
      verdicts.push(verdict);
      response.writeHead(verdict === "signed" ? 200 : 403, { "content-type": "application/json" });
      response.end(
        JSON.stringify({
          status: "success",
          data: { resultType: "vector", result: [{ metric: { job: "shop" }, value: [1_700_000_000, "42"] }] },
        }),
      );
    });
  });
  let url = "";
  beforeEach(async () => {
    verdicts.length = 0;
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/workspaces/ws-1/`;
  });
  afterEach(() => new Promise((done) => server.close(done)));

  it("gives its values to requests that are signed with the session's credentials", async () => {
    const source = prometheusSource({ name: "managed", url, sign: awsSigner(region, credentials) });
    const found = await source.instant('sum(rate(shop_http_requests_total{job="shop"}[5m])) + 1', 1_700_000_000);
    expect(found).toEqual([{ labels: { job: "shop" }, value: 42 }]);
    expect(verdicts).toEqual(["signed"]);
  });

  it("refuses another secret, another region, and none, which are failures of authentication", async () => {
    const others = [
      awsSigner(region, { ...credentials, secretAccessKey: "another" }),
      awsSigner("us-east-1", credentials),
      undefined,
    ];
    for (const sign of others) {
      const source = prometheusSource({ name: "managed", url, sign });
      await expect(source.instant("up", 1_700_000_000)).rejects.toMatchObject({ code: "unauthorised" });
    }
    expect(verdicts).toEqual(["another signature", "another scope", "not signed"]);
  });
});

it("is known by its address alone", () => {
  expect(managedRegion("https://aps-workspaces.eu-central-1.amazonaws.com/workspaces/ws-1/")).toBe("eu-central-1");
  for (const url of ["http://127.0.0.1:9090", "https://aps-workspaces.eu-central-1.amazonaws.com.example.test/"])
    expect(managedRegion(url)).toBeUndefined();
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function verify(request: IncomingMessage, body: Buffer): string {
  const parsed =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? "",
    );
  if (parsed === null) return "not signed";
  const [, key, day = "", signedRegion = "", service = "", names = "", signature] = parsed;
  if (key !== credentials.accessKeyId || signedRegion !== region || service !== "aps") return "another scope";
  if (request.headers["x-amz-security-token"] !== credentials.sessionToken) return "another session";
  const hash = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");
  const headers = names.split(";").map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const canonical = [request.method, request.url, "", headers.join(""), names, hash(body)].join("\n");
  const scope = `${day}/${signedRegion}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, hash(canonical)].join("\n");
  const signingKey = [day, signedRegion, service, "aws4_request"].reduce<string | Buffer>(
    (from, part) => createHmac("sha256", from).update(part).digest(),
    `AWS4${credentials.secretAccessKey}`,
  );
  return createHmac("sha256", signingKey).update(text).digest("hex") === signature ? "signed" : "another signature";
}

// The smallest process that a ServiceInstance can be: both ports, readiness, an orderly stop. BEHAVIOUR makes it misbehave.
const { createServer } = require("node:http");

const { SHOP_HTTP_PORT, SHOP_INTERNAL_PORT, SHOP_INSTANCE, BEHAVIOUR } = process.env;
if (BEHAVIOUR === "crash") throw new Error("this release is broken");

let stopping = false;
const http = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
  const delayMs = request.url === "/slow" ? 1_000 : 5;
  setTimeout(() => response.end(JSON.stringify({ instance: SHOP_INSTANCE, client: request.headers["x-forwarded-for"], id: request.headers["x-request-id"] })), delayMs);
});
const internal = createServer((request, response) => {
  response.statusCode = stopping || BEHAVIOUR === "never-ready" ? 503 : 200;
  response.end();
});
http.listen(Number(SHOP_HTTP_PORT), "127.0.0.1");
internal.listen(Number(SHOP_INTERNAL_PORT), "127.0.0.1", () => console.log(`listening as ${SHOP_INSTANCE}`));

process.once("SIGTERM", () => {
  stopping = true;
  if (BEHAVIOUR === "stubborn") return;
  http.close(() => process.exit(0));
  http.closeIdleConnections();
});

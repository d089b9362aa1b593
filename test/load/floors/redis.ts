import { Redis } from "ioredis";
import { serve } from "./serve.ts";

/** Bare Express that gets its body from Redis with one GET, and sends it. */
const redis = new Redis(process.env["FLOOR_REDIS_URL"] ?? "");
await redis.set("floor", process.env["FLOOR_BODY"] ?? "{}");

serve((app) =>
  app.use((_request, response, next) => {
    redis.get("floor").then((body) => response.type("json").send(body), next);
  }),
);

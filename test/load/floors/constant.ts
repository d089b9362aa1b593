import { serve } from "./serve.ts";

/** Bare Express that sends one constant JSON, the body of FLOOR_BODY, whatever is asked. */
const body: unknown = JSON.parse(process.env["FLOOR_BODY"] ?? "{}");

serve((app) => app.use((_request, response) => void response.json(body)));

/** Writes docs/openapi.json from the contract; a test fails when the two differ. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openapiDocument } from "../service/contract/openapi.ts";
import { operations } from "../service/contract/operations.ts";

const file = join(import.meta.dirname, "..", "docs", "openapi.json");
writeFileSync(file, `${JSON.stringify(openapiDocument(operations), null, 2)}\n`);

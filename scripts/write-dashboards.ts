/** Writes dashboards/generated/ from the code beside it; a test fails when the two differ. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { rulesFile } from "../dashboards/rules-file.ts";

const folder = join(import.meta.dirname, "..", "dashboards", "generated");
writeFileSync(join(folder, "rules.yml"), rulesFile());

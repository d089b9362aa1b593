/** Writes dashboards/generated/ from the code beside it and the signals of advice; a test fails when the two differ. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { adviceRecordings, recordingSeconds } from "../cli/advice/recordings.ts";
import { dashboardFile, dashboards } from "../dashboards/dashboard-file.ts";
import { rulesFile } from "../dashboards/rules-file.ts";

const folder = join(import.meta.dirname, "..", "dashboards", "generated");
writeFileSync(join(folder, "rules.yml"), rulesFile({ rules: adviceRecordings(), everySeconds: recordingSeconds }));
for (const dashboard of dashboards) writeFileSync(join(folder, `${dashboard.uid}.json`), dashboardFile(dashboard));

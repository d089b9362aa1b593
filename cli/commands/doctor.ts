import { ShopctlCommand } from "../command.ts";
import type { Finding } from "../adapters/diagnose.ts";

interface DoctorReport {
  readonly schema: "shopctl.doctor/1";
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

/** What this machine lacks, and how to get it. */
export default class Doctor extends ShopctlCommand {
  static override summary = "Say what this machine lacks for shopctl, and how to get it";
  static override description = "Exits with 16 when something is missing. Changes nothing.";
  static override examples = ["<%= config.bin %> doctor", "<%= config.bin %> doctor --json"];

  async run(): Promise<DoctorReport> {
    await this.parse(Doctor);
    const { diagnose } = await import("../adapters/diagnose.ts");
    const findings = await diagnose(process.env);
    const ok = findings.every(({ level }) => level !== "error");
    if (!this.jsonEnabled()) {
      const { renderFindings } = await import("../render/findings.ts");
      this.log(renderFindings(findings));
    }
    if (!ok) this.finishWith("component-missing");
    return { schema: "shopctl.doctor/1", ok, findings };
  }
}

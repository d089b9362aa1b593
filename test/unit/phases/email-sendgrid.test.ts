import { describe, expect, it } from "vitest";
import { emailSendgrid } from "../../../cli/phases/email-sendgrid.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { baselineHost, phase1Host } from "./observations.ts";

describe("step email-sendgrid", () => {
  it("changes only what it names, and its way back undoes exactly that", () => {
    const after = emailSendgrid.apply(baseline);
    expect(after).toEqual({
      ...baseline,
      mail: "sendgrid",
    });
    expect(emailSendgrid.revert(after)).toEqual(baseline);
    expect([emailSendgrid.isDone(baseline), emailSendgrid.isDone(after)]).toEqual([false, true]);
  });

  it("is proven on a host after phase 1 and not at the baseline", () => {
    expect(emailSendgrid.verify(phase1Host).filter(({ ok }) => !ok)).toEqual([]);
    expect(emailSendgrid.verify(baselineHost).some(({ ok }) => !ok)).toBe(true);
  });

  it("is proven undone at the baseline and not after phase 1", () => {
    expect(emailSendgrid.verifyUndone(baselineHost).filter(({ ok }) => !ok)).toEqual([]);
    expect(emailSendgrid.verifyUndone(phase1Host).some(({ ok }) => !ok)).toBe(true);
  });

  it("is not proven while the service still says SMTP", () => {
    expect(emailSendgrid.verify({ ...phase1Host, mailTransport: "smtp" }).filter(({ ok }) => !ok)).toEqual([
      { what: "transport that the service says it uses", ok: false, found: "smtp", expected: "sendgrid" },
    ]);
  });
});

import { Args, Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../../command.ts";
import { FailureError } from "../../errors/failure.ts";

interface MailRetryReport {
  readonly schema: "shopctl.mail.retry/1";
  readonly environment: string;
  /** Ids of the mails that are tried again. */
  readonly retried: readonly string[];
  /** What became of them at once, where no worker is there to try them. */
  readonly delivery?: { readonly sent: number; readonly failed: number };
}

const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Another chance for dead letters. */
export default class MailRetry extends ShopctlCommand {
  static override summary = "Try mails again that were given up";
  static override examples = [
    "<%= config.bin %> mail retry 6f1c8a52-94d1-4c7e-9d0e-2f6f0c3a7b11 --env demo",
    "<%= config.bin %> mail retry --all",
  ];
  static override args = { mail: Args.string({ description: "id, as mail failed shows it" }) };
  static override flags = {
    ...environmentFlag,
    all: Flags.boolean({ description: "all that were given up" }),
  };

  async run(): Promise<MailRetryReport> {
    const { args, flags } = await this.parse(MailRetry);
    const session = await this.openSession(flags.env);
    const { environment } = session;
    const which = whichMails(args.mail, flags.all, environment.name);
    const [{ openMails }, { retryFailedMails }, { readRunningState }, { baseline }] = await Promise.all([
      import("../../adapters/open-mails.ts"),
      import("../../../infra/mails.ts"),
      import("../../adapters/running-topology.ts"),
      import("../../../infra/topology/topology.ts"),
    ]);
    const { topology = baseline } = await readRunningState(session);
    const mails = await openMails(session, (line) => this.say(line));
    const { retried, delivery } = await retryFailedMails(mails, topology, which);
    this.log(describeRetry(retried.length, delivery));
    return {
      schema: "shopctl.mail.retry/1",
      environment: environment.name,
      retried,
      ...(delivery === undefined ? {} : { delivery: { sent: delivery.sent, failed: delivery.failed } }),
    };
  }
}

function describeRetry(count: number, delivery: MailRetryReport["delivery"]): string {
  if (count === 0 && (delivery === undefined || delivery.sent + delivery.failed === 0)) return "No mail has failed.";
  if (delivery === undefined) return `${count} to be tried again`;
  return `${delivery.sent} sent${delivery.failed === 0 ? "" : `, ${delivery.failed} failed again`}`;
}

function whichMails(id: string | undefined, all: boolean, environment: string): { readonly id: string } | "all" {
  if (all && id === undefined) return "all";
  if (!all && id !== undefined && uuid.test(id)) return { id };
  const next = [`shopctl mail failed --env ${environment}`, `shopctl mail retry --all --env ${environment}`];
  if (!all && id !== undefined) {
    const why = "an id is as mail failed shows it, e.g. 6f1c8a52-94d1-4c7e-9d0e-2f6f0c3a7b11";
    throw new FailureError({ code: "configuration", what: `"${id}" is not the id of a mail`, why, next });
  }
  throw new FailureError({
    code: "configuration",
    what: "It is not said which mails to try again",
    why: all ? "both an id and --all were given" : "an id as mail failed shows it, or --all, is needed",
    next,
  });
}

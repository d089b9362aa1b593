import { Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../../command.ts";
import { nameArgument } from "../../name-or-flag.ts";

interface DestroyReport {
  readonly schema: "shopctl.env.destroy/1";
  readonly environment: string;
  readonly durationMs: number;
}

/** The end of an environment and all of its data. */
export default class EnvDestroy extends ShopctlCommand {
  static override summary = "Destroy an environment with all of its data, backups and history";
  static override description = `Asks for the environment's name on a terminal; elsewhere --confirm must repeat it. With --force neither state nor
passphrase is read: the way out when they are lost.`;
  static override examples = [
    "<%= config.bin %> env destroy demo",
    {
      description: "Its state or passphrase cannot be read any more",
      command: "<%= config.bin %> env destroy demo --force --confirm demo",
    },
    { description: "Without a prompt, in CI", command: "<%= config.bin %> env destroy demo --confirm demo" },
  ];
  static override args = nameArgument;
  static override flags = {
    ...environmentFlag,
    confirm: Flags.string({ description: "the environment's name once more", aliases: ["yes"], helpValue: "NAME" }),
    force: Flags.boolean({ description: "remove processes, data and files without reading the state" }),
  };

  async run(): Promise<DestroyReport> {
    const { args, flags } = await this.parse(EnvDestroy);
    const session = await this.openSession(args.name ?? flags.env);
    const { environment } = session;
    const { name } = environment;
    const [{ confirmName }, { destroyByForce, destroyUnderLock }, { engineLines }, { duration }] = await Promise.all([
      import("../../adapters/confirm.ts"),
      import("../../rollout/destroy-environment.ts"),
      import("../../render/engine-lines.ts"),
      import("../../render/numbers.ts"),
    ]);
    if (flags.confirm !== name) {
      const confirmWith = `shopctl env destroy ${name}${flags.force ? " --force" : ""} --confirm ${name}`;
      const what = `Destroy "${name}" with all of its data and backups`;
      await confirmName(name, { what, confirmWith });
    }
    const startedAt = performance.now();
    this.say(`destroying ${name} …`);
    if (flags.force) {
      const left = await destroyByForce(session);
      if (left !== undefined) this.say(`its stack's state in ${left} is left; remove it there`);
    } else await destroyUnderLock(session, { onEvent: engineLines });
    const durationMs = Math.round(performance.now() - startedAt);
    this.log(`${name} is gone (${duration(durationMs)})`);
    return { schema: "shopctl.env.destroy/1", environment: name, durationMs };
  }
}

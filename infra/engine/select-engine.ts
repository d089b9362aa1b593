import { EngineError, type Engine } from "./engine.ts";

/** Which engines a target's program may be run by where there is no Pulumi CLI; undefined for any. */
export interface EngineDemand {
  /** Why the embedded engine does not run this program; undefined when it does. */
  readonly notEmbedded?: string | undefined;
}

/**
 * The engine that `SHOPCTL_ENGINE` (auto, pulumi or embedded) names; `auto` takes a Pulumi CLI where one answers.
 * Throws EngineError `configuration` for another name, and `cli-missing` when `pulumi` was asked for and there is none, or
 * only the embedded engine is there for a program that it does not run.
 */
export async function selectEngine(env: NodeJS.ProcessEnv, { notEmbedded }: EngineDemand = {}): Promise<Engine> {
  const choice = env["SHOPCTL_ENGINE"] ?? "auto";
  if (choice !== "auto" && choice !== "pulumi" && choice !== "embedded") {
    throw new EngineError("configuration", `SHOPCTL_ENGINE is ${choice}; it takes auto, pulumi or embedded`);
  }
  if (choice !== "embedded") {
    const { fetchCli, findCli } = await import("./pulumi-cli/find-cli.ts");
    const cli = (await findCli(env)) ?? (choice === "pulumi" ? await fetchCli(env) : undefined);
    if (cli !== undefined) {
      const { PulumiCliEngine } = await import("./pulumi-cli/pulumi-cli-engine.ts");
      return new PulumiCliEngine(cli);
    }
    if (choice === "pulumi") {
      throw new EngineError("cli-missing", "SHOPCTL_ENGINE is pulumi, but no Pulumi CLI answers `pulumi version`");
    }
  }
  if (notEmbedded !== undefined) throw new EngineError("cli-missing", notEmbedded);
  const { EmbeddedEngine } = await import("./embedded/embedded-engine.ts");
  return new EmbeddedEngine();
}

import { EngineError, type Engine } from "./engine.ts";

/**
 * The engine that `SHOPCTL_ENGINE` (auto, pulumi or embedded) names; `auto` takes a Pulumi CLI where one answers.
 * Throws EngineError `configuration` for another name or when `pulumi` was asked for and there is none.
 */
export async function selectEngine(env: NodeJS.ProcessEnv): Promise<Engine> {
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
      throw new EngineError("configuration", "SHOPCTL_ENGINE is pulumi, but no Pulumi CLI answers `pulumi version`");
    }
  }
  const { EmbeddedEngine } = await import("./embedded/embedded-engine.ts");
  return new EmbeddedEngine();
}

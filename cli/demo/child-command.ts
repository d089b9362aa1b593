import { spawn } from "node:child_process";

export interface ChildCommands {
  /** Runs `shopctl …` as a user would, with its output passed on; gives the exit code. */
  run(args: readonly string[]): Promise<number>;
}

/** Child processes of this very shopctl. With `json`, what they print for people goes to stderr: stdout is the result's. */
export function childCommands(options: {
  readonly json: boolean;
  readonly announce: (line: string) => void;
}): ChildCommands {
  const program = process.argv[1];
  if (program === undefined) throw new Error("shopctl does not know its own program");
  return {
    run: (args) => {
      options.announce(`$ shopctl ${args.join(" ")}`);
      const child = spawn(process.execPath, [program, ...args], {
        stdio: ["ignore", options.json ? 2 : "inherit", "inherit"],
      });
      return new Promise((resolve, reject) => {
        child.once("error", reject);
        child.once("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
      });
    },
  };
}

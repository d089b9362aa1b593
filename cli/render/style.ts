import { Ansis } from "ansis";

/**
 * Colours by what they say; none with NO_COLOR, TERM=dumb or where stdout is no terminal, CI included, unless FORCE_COLOR
 * asks. Where colours are wanted, ansis finds out how many the terminal has.
 */
export const style = wantsColour(process.env, process.stdout.isTTY) ? new Ansis() : new Ansis(0);

function wantsColour(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  return isTerminal && env["TERM"] !== "dumb";
}

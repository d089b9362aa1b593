import { ownSelector, PromqlError, withMatchers } from "../../advice/selectors.ts";
import { FailureError } from "../../errors/failure.ts";
import type { SourceChoice } from "./open-source.ts";

/** The Prometheus of the flags, with the token of the environment. Throws FailureError `configuration` for what is none. */
export function namedPrometheus(
  flags: { readonly prometheus: string | undefined; readonly selector: string },
  variables: NodeJS.ProcessEnv,
): Pick<SourceChoice, "prometheus" | "selector"> {
  // CI sets variables that it has no value for to nothing.
  const url = flags.prometheus === "" ? undefined : flags.prometheus;
  const selector = flags.selector === "" ? ownSelector : flags.selector;
  if (url !== undefined && !isWebAddress(url)) {
    throw bad(
      "--prometheus is no address of a Prometheus",
      "It begins with http:// or https:// and holds no password.",
    );
  }
  try {
    withMatchers("up", selector);
  } catch (error) {
    if (error instanceof PromqlError) throw bad("--selector is no list of label matchers", error.message);
    throw error;
  }
  const token = variables["SHOPCTL_PROMETHEUS_TOKEN"];
  const given = token === "" ? undefined : token;
  return { prometheus: url === undefined ? undefined : { url, token: given }, selector };
}

function isWebAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
}

function bad(what: string, why: string): FailureError {
  return new FailureError({
    code: "configuration",
    what,
    why,
    next: [`shopctl scale recommend --prometheus http://127.0.0.1:9090 --selector 'job="shop"'`],
  });
}

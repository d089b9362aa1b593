import { stripVTControlCharacters } from "node:util";
import { Errors } from "@oclif/core";
import { z } from "zod";
import { EngineError } from "../../infra/engine/engine.ts";
import { EnvironmentError } from "../../infra/environment/environment-error.ts";
import { OperationError } from "../../infra/operation-error.ts";
import { HostError } from "../../infra/local/host/host-error.ts";
import { PrometheusError } from "../adapters/metrics/prometheus.ts";
import { fromReason } from "./from-reason.ts";
import { fromHost, fromOperation, fromStore } from "./from-infrastructure.ts";
import { FailureError, type Failure } from "./failure.ts";
import { lastResort } from "./wording.ts";

export interface FailureContext {
  /** Empty where the command is about none. */
  readonly environment: string;
  /** Command that explains the use of the one that failed. */
  readonly help: string;
}

/** What a thrown value means to the user; anything unforeseen is `internal`. */
export function toFailure(error: unknown, context: FailureContext): Failure {
  const { environment } = context;
  if (error instanceof FailureError) return error.failure;
  if (error instanceof EngineError) return fromEngine(error, environment);
  if (error instanceof EnvironmentError) return fromStore(error, environment);
  if (error instanceof OperationError) return fromOperation(error, environment);
  if (error instanceof HostError) return fromHost(error, environment);
  if (error instanceof PrometheusError) return fromPrometheus(error, environment);
  if (error instanceof z.ZodError) return fromSchema(error);
  if (isWrongUse(error)) {
    return { code: "configuration", what: sentenceOf(plainText(error.message)), why: "", next: [context.help] };
  }
  return fromFault(error, context);
}

function fromPrometheus({ code, message: why }: PrometheusError, environment: string): Failure {
  if (code === "unreachable") return { code: "metrics-unreachable", environment, why };
  const next = ["export SHOPCTL_PROMETHEUS_TOKEN=…", `shopctl scale recommend --env ${environment}`];
  return { code: "authentication", what: "The Prometheus takes another token", why, next };
}

function fromEngine(error: EngineError, environment: string): Failure {
  switch (error.code) {
    case "locked":
      return { code: "locked", environment, holder: error.holder };
    case "no-such-stack":
      return { code: "no-such-environment", environment, known: [] };
    case "resource-failed":
      return fromReason(error.message, environment);
    case "unsupported":
      return { code: "unsupported", what: "The engine does not do this", why: error.message };
    case "state-corrupt":
      return { code: "state-corrupt", environment, reason: error.message };
    case "unexpected-changes":
      return { code: "unexpected-changes", environment, reason: error.message };
    case "cancelled":
      return { code: "not-confirmed", what: error.message, confirmWith: `shopctl scale status --env ${environment}` };
    case "cli-missing": {
      const next = ["install the Pulumi CLI: https://www.pulumi.com/docs/iac/download-install/", "shopctl doctor"];
      return { code: "configuration", what: "There is no Pulumi CLI here", why: error.message, next };
    }
    case "configuration":
      return fromConfiguration(error.message, environment);
    default:
      throw new TypeError(`an engine error of no kind: ${String(error.code satisfies never)}`);
  }
}

function fromConfiguration(message: string, environment: string): Failure {
  const next = [`shopctl env show --env ${environment}`, "shopctl doctor"];
  if (/passphrase/i.test(message)) {
    const next = [
      "export PULUMI_CONFIG_PASSPHRASE_FILE=/the/file/it/was/created/with",
      `shopctl scale status --env ${environment}`,
      lastResort(environment),
    ];
    return { code: "authentication", what: "The environment's secrets cannot be read", why: message, next };
  }
  return { code: "configuration", what: "The environment's configuration is not usable", why: message, next };
}

function fromSchema(error: z.ZodError): Failure {
  return {
    code: "configuration",
    what: "A file of the environment is not what it should be",
    why: z.prettifyError(error),
    next: ["shopctl doctor"],
  };
}

/** Of oclif, also where a plugin threw it, which brings an oclif of its own. */
function isWrongUse(error: unknown): error is Error {
  return error instanceof Errors.CLIError || (error instanceof Error && "oclif" in error);
}

/** What the system says of a path that somebody gave: a flag, or SHOPCTL_HOME. */
const pathFaults: readonly unknown[] = ["ENOENT", "ENOTDIR", "EISDIR", "EEXIST", "EROFS", "ELOOP", "ENAMETOOLONG"];

function fromFault(error: unknown, { environment, help }: FailureContext): Failure {
  if (!(error instanceof Error)) return { code: "internal", reason: String(error) };
  const code = "code" in error ? error.code : undefined;
  if (code === "EACCES" || code === "EPERM") {
    const next = ["run it as the user who created the environment"];
    return { code: "authentication", what: "Not allowed", why: error.message, next };
  }
  // Of a file, and not of a socket or a program.
  if (pathFaults.includes(code) && "path" in error && !/^(spawn|connect|listen)/.test(syscallOf(error))) {
    const next = [help, "shopctl doctor"];
    return { code: "configuration", what: "A file or folder cannot be used", why: error.message, next };
  }
  if (/^uv_os_(get_passwd|homedir)$/.test(syscallOf(error))) {
    const why = `no account of this machine has uid ${process.getuid?.() ?? "?"}`;
    return { code: "configuration", what: "This process has no account", why, next: ["shopctl doctor"] };
  }
  const found = fromReason(error.message, environment);
  return found.code === "deployment-failed" ? { code: "internal", reason: `${error.name}: ${error.message}` } : found;
}

function syscallOf(error: Error): string {
  return "syscall" in error && typeof error.syscall === "string" ? error.syscall : "";
}

/** oclif's messages are a head line, details and a hint; the hint is the next action, and a head that says nothing goes. */
function sentenceOf(message: string): string {
  const lines = message.split("\n").map((line) => line.trim());
  const telling = lines.filter((line) => line !== "" && !/^(See more help|The following errors? occurred:)/.test(line));
  return telling.join(" ").replaceAll(/ {2,}/g, ", ");
}

function plainText(text: string): string {
  // oclif colours parts of its messages.
  return stripVTControlCharacters(text);
}

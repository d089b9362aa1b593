import { stripVTControlCharacters } from "node:util";
import { Errors } from "@oclif/core";
import { z } from "zod";
import { EngineError } from "../../infra/engine/engine.ts";
import { FailureError, type Failure } from "./failure.ts";

/** What a thrown value means to the user; anything unforeseen is `internal`. */
export function toFailure(error: unknown, environment: string): Failure {
  if (error instanceof FailureError) return error.failure;
  if (error instanceof EngineError) return fromEngine(error, environment);
  if (error instanceof z.ZodError) return fromSchema(error);
  if (error instanceof Errors.CLIError) {
    return { code: "configuration", what: plainText(firstLine(error.message)), why: "", next: ["shopctl help"] };
  }
  return fromFault(error, environment);
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
    case "configuration":
      return fromConfiguration(error.message, environment);
    default:
      throw new TypeError(`an engine error of no kind: ${String(error.code satisfies never)}`);
  }
}

function fromConfiguration(message: string, environment: string): Failure {
  const next = [`shopctl env show --env ${environment}`, "shopctl doctor"];
  if (/passphrase/i.test(message)) {
    return { code: "authentication", what: "The environment's secrets cannot be read", why: message, next };
  }
  return { code: "configuration", what: "The environment's configuration is not usable", why: message, next };
}

/** Faults of the machine reach the engine as text only, so they are told by the words of the operating system. */
export function fromReason(reason: string, environment: string, during = "the update"): Failure {
  if (/ENOSPC|no space left on device/i.test(reason)) {
    return {
      code: "no-disk",
      path: pathIn(reason) ?? "the environment's folder",
      freeMiB: undefined,
      neededMiB: undefined,
    };
  }
  if (/EADDRINUSE|address already in use|port \d+ is (taken|in use)/i.test(reason)) {
    return { code: "port-in-use", environment, reason };
  }
  const [, program] = /(\S+) is not installed/.exec(reason) ?? [];
  if (program !== undefined)
    return { code: "component-missing", missing: [{ name: program, install: "shopctl doctor" }] };
  return { code: "deployment-failed", environment, during, reason };
}

function fromSchema(error: z.ZodError): Failure {
  return {
    code: "configuration",
    what: "A file of the environment is not what it should be",
    why: z.prettifyError(error),
    next: ["shopctl doctor"],
  };
}

function fromFault(error: unknown, environment: string): Failure {
  if (!(error instanceof Error)) return { code: "internal", reason: String(error) };
  const code = "code" in error ? error.code : undefined;
  if (code === "EACCES" || code === "EPERM") {
    return {
      code: "authentication",
      what: "Not allowed",
      why: error.message,
      next: ["run it as the user who created the environment"],
    };
  }
  const found = fromReason(error.message, environment);
  if (found.code !== "deployment-failed") return found;
  if (code === "missing-component")
    return { code: "configuration", what: error.message, why: "", next: ["shopctl doctor"] };
  if (error.name === "HostError")
    return { code: "deployment-failed", environment, during: "an operation on this machine", reason: error.message };
  return { code: "internal", reason: `${error.name}: ${error.message}` };
}

function pathIn(reason: string): string | undefined {
  return /'(\/[^']+)'/.exec(reason)?.[1];
}

function firstLine(text: string): string {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("See more help"))
    .join("; ");
}

function plainText(text: string): string {
  // oclif colours parts of its messages.
  return stripVTControlCharacters(text);
}

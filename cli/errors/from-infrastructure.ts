import type { EnvironmentError } from "../../infra/environment/environment-error.ts";
import type { HostError } from "../../infra/local/host/host-error.ts";
import type { OperationError } from "../../infra/operation-error.ts";
import type { Failure } from "./failure.ts";
import { fromReason } from "./from-reason.ts";

/** What the store of environments refused. */
export function fromStore(error: EnvironmentError, environment: string): Failure {
  const reason = error.message;
  switch (error.code) {
    case "exists":
      return { code: "already-exists", environment };
    case "unknown-environment":
      return { code: "no-such-environment", environment, known: [] };
    case "no-ports":
    case "port-in-use":
      return { code: "port-in-use", environment, reason };
    case "no-disk":
      return { code: "no-disk", reason };
    case "locked":
      return { code: "locked", environment, holder: undefined };
    case "corrupt":
      return { code: "state-corrupt", environment, reason };
    case "still-running":
      return { code: "deployment-failed", environment, during: "the removal", reason };
    case "other-target":
      return {
        code: "unsupported",
        what: "Not for an environment of this target",
        why: reason,
        next: [`shopctl env show --env ${environment}`, "shopctl env list"],
      };
    case "invalid-name":
    case "home-unreachable":
    case "path-unusable":
    case "path-too-long":
      return {
        code: "configuration",
        what: "No environment can be made so",
        why: reason,
        next: ["shopctl env create --help"],
      };
    default:
      throw new TypeError(`an environment error of no kind: ${String(error.code satisfies never)}`);
  }
}

/** What a component or a program of this machine did not do. */
export function fromHost(error: HostError, environment: string): Failure {
  if (error.code === "missing-component") return fromReason(error.message, environment);
  if (error.code === "refused") {
    return {
      code: "configuration",
      what: "Refused",
      why: error.message,
      next: [`shopctl env show --env ${environment}`],
    };
  }
  if (error.code === "missing-user") {
    return { code: "configuration", what: "An account is missing", why: error.message, next: ["shopctl doctor"] };
  }
  return fromReason(error.message, environment, "an operation on this machine");
}

/** What an operation on a running environment refused. */
export function fromOperation(error: OperationError, environment: string): Failure {
  const why = error.message;
  switch (error.code) {
    case "backups-not-in-plan": {
      const next = [`shopctl scale plan --env ${environment} --step database-paid`];
      return { code: "policy", what: "This database plan has no backups", why, next };
    }
    case "unknown-backup":
      return { code: "not-found", what: "No such backup", why, next: [`shopctl backup list --env ${environment}`] };
    case "unknown-mail":
      return { code: "not-found", what: "No such mail", why, next: [`shopctl mail failed --env ${environment}`] };
    case "unknown-process":
      return { code: "not-found", what: "No such process", why, next: [`shopctl env show --env ${environment}`] };
    case "no-replica": {
      const next = [`shopctl scale plan --env ${environment} --step read-replicas`];
      return { code: "policy", what: "No such replica", why, next };
    }
    case "wrong-state":
      return { code: "policy", what: "Not for this database", why, next: [`shopctl env show --env ${environment}`] };
    case "not-running":
    case "failed":
      return { code: "deployment-failed", environment, during: "the operation", reason: why };
    default:
      throw new TypeError(`an operation error of no kind: ${String(error.code satisfies never)}`);
  }
}

import { connect } from "node:net";
import { HostError } from "../host/host-error.ts";

const answerTimeoutMs = 5_000;

/** One server of the backend as HAProxy sees it now. */
export interface LiveServer {
  readonly name: string;
  readonly httpPort: number;
  /** First word of its status: UP, DOWN, DRAIN, MAINT, or `no` for unchecked. */
  readonly status: string;
  /** Result of the last finished health check, e.g. L7OK. */
  readonly check: string;
  readonly sessions: number;
}

/** Sends one command to HAProxy's socket and gives its answer. Throws HostError `unreachable`. */
export async function askRouter(socket: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const connection = connect(socket);
    let answer = "";
    connection.setEncoding("utf8").setTimeout(answerTimeoutMs, () => connection.destroy(new Error("no answer")));
    connection.on("data", (text: string) => {
      answer += text;
    });
    connection.once("error", (error) =>
      reject(
        new HostError("unreachable", `the router does not answer on ${socket}: ${error.message}`, { cause: error }),
      ),
    );
    connection.once("end", () => resolve(answer.trim()));
    connection.end(`${command}\n`);
  });
}

/** The servers of a backend. */
export async function liveServers(socket: string, backend: string): Promise<readonly LiveServer[]> {
  const [header = "", ...lines] = (await askRouter(socket, `show stat ${backend} 4 -1`)).split("\n");
  const names = header.replace(/^# /, "").split(",");
  return lines
    .filter((line) => line !== "")
    .map((line) => parseServer(new Map(line.split(",").map((value, at) => [names[at] ?? "", value]))));
}

function parseServer(fields: ReadonlyMap<string, string>): LiveServer {
  const field = (name: string): string => fields.get(name) ?? "";
  return {
    name: field("svname"),
    httpPort: Number(field("addr").split(":").at(-1)),
    status: field("status").split(" ")[0] ?? "",
    // A star marks that another check is under way.
    check: field("check_status").replace(/^\* /, ""),
    sessions: Number(field("scur")) + Number(field("qcur")),
  };
}

/** Sets one of HAProxy's variables for all its processes; what it says of that command is "experimental". */
export async function setRouterVariable(socket: string, name: string, value: number): Promise<void> {
  await askRouter(socket, `experimental-mode on; set var ${name} int(${value})`);
}

/** A variable's whole number; undefined for one that was never set. */
export async function routerVariable(socket: string, name: string): Promise<number | undefined> {
  const value = /value=<(-?\d+)>/.exec(await askRouter(socket, `get var ${name}`))?.[1];
  return value === undefined ? undefined : Number(value);
}

import grpc from "@grpc/grpc-js";
import engrpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engproto from "@pulumi/pulumi/proto/engine_pb.js";
import type { Say } from "./resource-handler.ts";

let engine: engrpc.EngineClient | undefined;

/** Opens the way to the log of the engine that started this plugin; its address is the last argument. */
export function openEngineLog(args: readonly string[]): void {
  const address = args.findLast((argument) => !argument.startsWith("-"));
  if (address !== undefined) engine = new engrpc.EngineClient(address, grpc.credentials.createInsecure());
}

/** Lines of one resource. Never fails: nothing depends on what is only shown. */
export function sayOf(urn: string): Say {
  return (line) => {
    const request = new engproto.LogRequest();
    request.setSeverity(engproto.LogSeverity.INFO);
    request.setUrn(urn);
    request.setMessage(line);
    engine?.log(request, () => undefined);
  };
}

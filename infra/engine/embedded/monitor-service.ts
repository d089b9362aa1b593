import grpc from "@grpc/grpc-js";
import engrpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engproto from "@pulumi/pulumi/proto/engine_pb.js";
import resrpc from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resproto from "@pulumi/pulumi/proto/resource_pb.js";
import emptyproto from "google-protobuf/google/protobuf/empty_pb.js";
import { EngineError } from "../engine.ts";
import { AbortedError } from "./abort.ts";
import { toStruct } from "./marshal.ts";
import type { Monitor } from "./monitor.ts";
import type { OperationContext } from "./operation-context.ts";

const maxMessageBytes = 400 * 1_024 * 1_024;
/** How many registrations the program may have under way. */
export const programParallel = 16;

/**
 * Features that the engine claims to the SDK. The first five work; the others are claimed so that their use reaches the
 * engine, which refuses them by name, instead of a message of the SDK's that asks for another CLI.
 */
const claimed = [
  "SECRETS",
  "RESOURCE_REFERENCES",
  "OUTPUT_VALUES",
  "ALIAS_SPECS",
  "DELETED_WITH",
  "TRANSFORMS",
  "INVOKE_TRANSFORMS",
  "PARAMETERIZATION",
  "RESOURCE_HOOKS",
  "ERROR_HOOKS",
  "REPLACE_WITH",
  "REPLACEMENT_TRIGGER",
  "STATE_MIGRATIONS",
] as const;

/** Calls of the SDK that stand for a feature which this engine does not have. */
const refusedCalls: Readonly<Record<string, string>> = {
  readResource: "reading resources that this stack does not own (get, StackReference)",
  call: "calls of resource methods",
  registerStackTransform: "transforms",
  registerStackInvokeTransform: "invoke transforms",
  registerResourceHook: "resource hooks",
  registerErrorHook: "error hooks",
  registerPackage: "parameterized packages",
};

type Unary = grpc.UntypedHandleCall;

/** The gRPC server that program and plugins talk to: ResourceMonitor and Engine, on 127.0.0.1. */
export class MonitorService {
  readonly #server: grpc.Server;
  readonly address: string;

  private constructor(server: grpc.Server, port: number) {
    this.#server = server;
    this.address = `127.0.0.1:${port}`;
  }

  /** Starts before the context exists: plugins need the address first. */
  static async listen(
    provide: () => { readonly context: OperationContext; readonly monitor: Monitor | undefined },
  ): Promise<MonitorService> {
    const server = new grpc.Server({
      "grpc.max_receive_message_length": maxMessageBytes,
      "grpc.max_send_message_length": maxMessageBytes,
    });
    server.addService(resrpc.ResourceMonitorService, monitorHandlers(provide));
    server.addService(engrpc.EngineService, engineHandlers(provide));
    const port = await new Promise<number>((resolve, reject) => {
      const credentials = grpc.ServerCredentials.createInsecure();
      server.bindAsync("127.0.0.1:0", credentials, (error, bound) => (error === null ? resolve(bound) : reject(error)));
    });
    return new MonitorService(server, port);
  }

  close(): void {
    this.#server.forceShutdown();
  }
}

type Provide = Parameters<typeof MonitorService.listen>[0];

function monitorHandlers(provide: Provide): grpc.UntypedServiceImplementation {
  const unary = <Response>(work: (monitor: Monitor, request: never) => Promise<Response> | Response): Unary =>
    answer(provide, async (request: never) => {
      const { monitor } = provide();
      if (monitor === undefined) throw new AbortedError();
      return await work(monitor, request);
    });
  const refused = Object.entries(refusedCalls).map(([name, feature]) => [
    name,
    answer(provide, () => {
      throw new EngineError("unsupported", feature);
    }),
  ]);
  return {
    ...Object.fromEntries(refused),
    getDeploymentInfo: answer(provide, () => deploymentInfo(provide().context)),
    supportsFeature: answer(provide, (request: resproto.SupportsFeatureRequest) => {
      const response = new resproto.SupportsFeatureResponse();
      const wanted = request
        .getId()
        .replaceAll(/[A-Z]/g, (letter) => `_${letter}`)
        .toUpperCase();
      response.setHassupport((claimed as readonly string[]).includes(wanted));
      return response;
    }),
    registerResource: unary((monitor, request: resproto.RegisterResourceRequest) => monitor.registerResource(request)),
    registerResourceOutputs: unary(async (monitor, request: resproto.RegisterResourceOutputsRequest) => {
      await monitor.registerOutputs(request);
      return new emptyproto.Empty();
    }),
    invoke: unary(async (monitor, request: resproto.ResourceInvokeRequest) => {
      const response = new resproto.ResourceInvokeResponse();
      response.setReturn(toStruct(await monitor.invoke(request)));
      return response;
    }),
    signalAndWaitForShutdown: unary((monitor) => {
      monitor.end();
      return new emptyproto.Empty();
    }),
  };
}

function engineHandlers(provide: Provide): grpc.UntypedServiceImplementation {
  const severities = ["debug", "info", "warning", "error"] as const;
  let root = "";
  return {
    log: answer(provide, (request: engproto.LogRequest) => {
      const severity = severities[request.getSeverity()] ?? "info";
      // The SDK's debug messages spell out every property, secrets too; and nobody reads them.
      if (severity !== "debug") provide().context.log.say(severity, request.getMessage(), request.getUrn());
      return new emptyproto.Empty();
    }),
    getRootResource: answer(provide, () => {
      const response = new engproto.GetRootResourceResponse();
      response.setUrn(root);
      return response;
    }),
    setRootResource: answer(provide, (request: engproto.SetRootResourceRequest) => {
      root = request.getUrn();
      return new engproto.SetRootResourceResponse();
    }),
    requirePulumiVersion: answer(provide, () => new engproto.RequirePulumiVersionResponse()),
    startDebugging: answer(provide, () => {
      throw new EngineError("unsupported", "debugging of programs");
    }),
  };
}

function deploymentInfo({ scope, config, preview }: OperationContext): resproto.DeploymentInfo {
  const info = new resproto.DeploymentInfo();
  info.setProject(scope.project);
  info.setStack(scope.stack);
  info.setOrganization("organization");
  info.setDryrun(preview);
  info.setParallel(programParallel);
  for (const [key, { text }] of Object.entries(config)) info.getConfigMap().set(key, text);
  info.setConfigsecretkeysList(Object.keys(config).filter((key) => config[key]?.secret));
  const features = claimed.map((name) => resproto.ResourceMonitorFeature[`RESOURCE_MONITOR_FEATURE_${name}`]);
  info.setSupportedfeaturesList(features);
  return info;
}

/**
 * Answers one call. A fault gives the whole operation up: the program hears "unavailable", upon which the SDK ends it
 * without a word of its own; the reason is the operation's.
 */
function answer<Response>(provide: Provide, work: (request: never) => Promise<Response> | Response): Unary {
  const handle: grpc.handleUnaryCall<never, Response> = (call, reply) => {
    const run = async (): Promise<Response> => await work(call.request);
    run().then(
      (response) => reply(null, response),
      (error: unknown) => {
        provide().context.abort.becauseOf(error);
        reply({ code: grpc.status.UNAVAILABLE, details: "the operation has been given up" });
      },
    );
  };
  return handle as Unary;
}

import grpc from "@grpc/grpc-js";
import pluginproto from "@pulumi/pulumi/proto/plugin_pb.js";
import provrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provproto from "@pulumi/pulumi/proto/provider_pb.js";
import emptyproto from "google-protobuf/google/protobuf/empty_pb.js";
import structproto from "google-protobuf/google/protobuf/struct_pb.js";
import type { Provider } from "./provider.ts";
import type { Properties } from "./resource-row.ts";

const maxMessageBytes = 400 * 1_024 * 1_024;
/** Version of `@pulumi/aws` whose types the rows have. */
const version = "7.48.0";

/** Serves Pulumi's ResourceProvider protocol on a free port of 127.0.0.1 and returns it. */
export async function serveProvider(provider: Provider): Promise<number> {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_send_message_length": maxMessageBytes,
  });
  server.addService(provrpc.ResourceProviderService, handlers(provider));
  return await new Promise((resolve, reject) => {
    const credentials = grpc.ServerCredentials.createInsecure();
    server.bindAsync("127.0.0.1:0", credentials, (error, port) => (error === null ? resolve(port) : reject(error)));
  });
}

function handlers(provider: Provider): grpc.UntypedServiceImplementation {
  return {
    getPluginInfo: answer(() => {
      const info = new pluginproto.PluginInfo();
      info.setVersion(version);
      return info;
    }),
    configure: answer((request: provproto.ConfigureRequest) => {
      provider.configure(properties(request.getArgs()));
      const response = new provproto.ConfigureResponse();
      response.setSupportspreview(true);
      return response;
    }),
    check: answer((request: provproto.CheckRequest) => {
      const { inputs, refused } = provider.check(
        request.getUrn(),
        properties(request.getOlds()),
        properties(request.getNews()),
      );
      const response = new provproto.CheckResponse();
      response.setInputs(struct(inputs));
      response.setFailuresList(
        refused.map(({ property, reason, page }) => {
          const failure = new provproto.CheckFailure();
          failure.setProperty(property);
          failure.setReason(`${reason} (${page})`);
          return failure;
        }),
      );
      return response;
    }),
    diff: answer((request: provproto.DiffRequest) => {
      const { changed, replaces } = provider.diff(
        request.getUrn(),
        properties(request.getOldInputs()),
        properties(request.getNews()),
        request.getIgnorechangesList(),
      );
      const { DiffChanges } = provproto.DiffResponse;
      const response = new provproto.DiffResponse();
      response.setChanges(changed.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE);
      response.setDiffsList([...changed]);
      response.setReplacesList([...replaces]);
      return response;
    }),
    create: answer(async (request: provproto.CreateRequest) => {
      const inputs = properties(request.getProperties());
      const response = new provproto.CreateResponse();
      if (request.getPreview()) {
        response.setProperties(struct(inputs));
        return response;
      }
      const { id, outputs } = await provider.create(request.getUrn(), inputs);
      response.setId(id);
      response.setProperties(struct(outputs));
      return response;
    }),
    read: answer(async (request: provproto.ReadRequest) => {
      const response = new provproto.ReadResponse();
      const found = await provider.read(
        request.getUrn(),
        request.getId(),
        properties(request.getInputs()),
        properties(request.getProperties()),
      );
      if (found === undefined) return response;
      response.setId(request.getId());
      response.setInputs(struct(found.inputs));
      response.setProperties(struct(found.outputs));
      return response;
    }),
    update: answer(async (request: provproto.UpdateRequest) => {
      const [olds, news] = [properties(request.getOlds()), properties(request.getNews())];
      const response = new provproto.UpdateResponse();
      const outputs = request.getPreview()
        ? { ...olds, ...news }
        : await provider.update(request.getUrn(), request.getId(), {
            olds,
            news,
            ignored: request.getIgnorechangesList(),
          });
      response.setProperties(struct(outputs));
      return response;
    }),
    delete: answer(async (request: provproto.DeleteRequest) => {
      await provider.delete(request.getUrn(), request.getId(), properties(request.getProperties()));
      return new emptyproto.Empty();
    }),
    invoke: answer(async (request: provproto.InvokeRequest) => {
      const response = new provproto.InvokeResponse();
      response.setReturn(struct(await provider.invoke(request.getTok(), properties(request.getArgs()))));
      return response;
    }),
    cancel: answer(() => new emptyproto.Empty()),
  };
}

function answer<Response>(work: (request: never) => Promise<Response> | Response): grpc.UntypedHandleCall {
  const handle: grpc.handleUnaryCall<never, Response> = (call, reply) => {
    const run = async (): Promise<Response> => await work(call.request);
    run().then(
      (response) => reply(null, response),
      (error: unknown) => {
        reply({ code: grpc.status.UNKNOWN, details: inWords(error) });
      },
    );
  };
  return handle as grpc.UntypedHandleCall;
}

function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const status = "$metadata" in error ? ` ${JSON.stringify(error.$metadata)}` : "";
  return error.name === "Error" ? error.message : `${error.name}: ${error.message}${status}`;
}

function properties(struct: structproto.Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

/** Values that JSON does not have (undefined, dates) take the form that JSON gives them. */
function struct(values: Properties): structproto.Struct {
  const plain = JSON.parse(JSON.stringify(values)) as Record<string, structproto.JavaScriptValue>;
  return structproto.Struct.fromJavaScript(plain);
}

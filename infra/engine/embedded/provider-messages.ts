import provproto from "@pulumi/pulumi/proto/provider_pb.js";
import type { ProviderDiff } from "./decide-change.ts";
import { fromStruct, toStruct } from "./marshal.ts";
import {
  envelopeKey,
  envelopes,
  isMap,
  isSecret,
  mapChildren,
  type PropertyMap,
  type PropertyValue,
} from "./property-value.ts";
import { nameOf, typeOf, type Urn } from "./urn.ts";

/** What a provider made of new inputs: its defaults filled in, or what is wrong with them. */
export interface CheckResult {
  readonly inputs: PropertyMap;
  readonly failures: readonly { readonly property: string; readonly reason: string }[];
}

/** A resource that exists, as the calls about it name it. */
export interface Existing {
  readonly urn: Urn;
  readonly id: string;
  readonly oldInputs: PropertyMap;
  readonly oldOutputs: PropertyMap;
}

/** The setters that all requests about an existing resource share. */
interface AboutResource {
  setId(value: string): unknown;
  setUrn(value: string): unknown;
  setName(value: string): unknown;
  setType(value: string): unknown;
}

/** Puts into a request which resource it is about. */
export function about<Request extends AboutResource>(request: Request, { urn, id }: { urn: Urn; id: string }): Request {
  request.setId(id);
  request.setUrn(urn);
  request.setName(nameOf(urn));
  request.setType(typeOf(urn));
  return request;
}

/** A value in the forms that a provider understands: secrets opened, references as ids. */
export function adapt(value: PropertyValue, accepts: { secrets: boolean; resources: boolean }): PropertyValue {
  if (isSecret(value) && !accepts.secrets) return adapt(value.value, accepts);
  if (isMap(value) && value[envelopeKey] === envelopes.resource && !accepts.resources) {
    return value["id"] ?? value["urn"] ?? null;
  }
  return mapChildren(value, (item) => adapt(item, accepts));
}

export function plain(properties: PropertyMap): PropertyMap {
  return adapt(properties, { secrets: false, resources: false }) as PropertyMap;
}

export function checkRequest(urn: Urn, olds: PropertyMap, news: PropertyMap): provproto.CheckRequest {
  const request = new provproto.CheckRequest();
  request.setUrn(urn);
  request.setName(nameOf(urn));
  request.setType(typeOf(urn));
  request.setOlds(toStruct(olds));
  request.setNews(toStruct(news));
  return request;
}

export function checkResult(response: provproto.CheckResponse): CheckResult {
  return {
    inputs: fromStruct(response.getInputs()),
    failures: response.getFailuresList().map((each) => ({ property: each.getProperty(), reason: each.getReason() })),
  };
}

export function diffResult(response: provproto.DiffResponse): ProviderDiff {
  const { DiffChanges } = provproto.DiffResponse;
  const { ADD_REPLACE, DELETE_REPLACE, UPDATE_REPLACE } = provproto.PropertyDiff.Kind;
  const replaceKeys = response.getReplacesList();
  response.getDetaileddiffMap().forEach((detail, key) => {
    if (([ADD_REPLACE, DELETE_REPLACE, UPDATE_REPLACE] as number[]).includes(detail.getKind())) replaceKeys.push(key);
  });
  const changes = response.getChanges();
  return {
    changes: changes === DiffChanges.DIFF_NONE ? "none" : changes === DiffChanges.DIFF_SOME ? "some" : "unknown",
    replaceKeys,
    changedKeys: response.getDiffsList(),
    deleteBeforeReplace: response.getDeletebeforereplace(),
  };
}

import type { Provider } from "@pulumi/pulumi/provider/index.js";
import { changedKeys } from "./changed-keys.ts";
import { sayOf } from "./engine-log.ts";
import { containsUnknown, isRecord, openEnvelopes } from "./secret-envelopes.ts";
import type { AnyHandler } from "./resource-handler.ts";
import { resourceHandlers } from "./resources/index.ts";
import { leftOpen, recordDeletion, recordingUpdate, settle } from "./update-record.ts";

type Properties = Readonly<Record<string, unknown>>;

/** Output that only a refresh makes: what it found beside the inputs (`Difference`). */
const differencesKey = "differences";

/**
 * The provider `shopctl`: dispatches by resource type. State holds the inputs as they came, secret envelopes and all,
 * and the outputs beside them, because a Diff is shown only the state.
 */
export const localProvider: Required<
  Pick<Provider, "version" | "check" | "diff" | "create" | "update" | "read" | "delete">
> = {
  version: "0.1.0",

  async check(urn, _olds, news: Properties) {
    const handler = handlerOf(urn);
    // A preview does not know everything; the update checks again.
    const failures = containsUnknown(news) ? [] : handler.validate(plain(news));
    return { inputs: news, failures: [...failures] };
  },

  async diff(_id, urn, olds: Properties, news: Properties) {
    const handler = handlerOf(urn);
    const changed = changedKeys(olds, news, handler.ignored);
    const left = await leftOpen(urn, olds);
    // A refresh found something that is not as it should be, or a deletion had begun of what is wanted again: an update,
    // or another resource, puts it right.
    const drifted = differencesKey in olds || left === "deletion" ? [differencesKey] : [];
    const replaces =
      handler.replacedBy === "all"
        ? [...changed, ...drifted]
        : changed.filter((key) => handler.replacedBy.includes(key));
    const changes = changed.length > 0 || drifted.length > 0 || left === "update";
    return { changes, replaces, deleteBeforeReplace: false };
  },

  async create(urn, inputs: Properties) {
    const { id, outputs } = await handlerOf(urn).create(plain(inputs), sayOf(urn));
    const outs = { ...inputs, ...outputs };
    await settle(urn, outs);
    return { id, outs };
  },

  async update(_id, urn, olds: Properties, news: Properties) {
    const handler = handlerOf(urn);
    const outs = await recordingUpdate(urn, news, async () => {
      const outputs = await handler.update(plain(news), plain(olds), sayOf(urn));
      return { ...news, ...outputs };
    });
    return { outs };
  },

  async read(id, urn, props?: Properties) {
    if (props === undefined || !(await handlerOf(urn).exists(plain(props)))) return { id: "", props: {} };
    const { [differencesKey]: _before, ...state } = props;
    const differences = await handlerOf(urn).observe(plain(state));
    return { id, props: differences.length === 0 ? state : { ...state, [differencesKey]: differences } };
  },

  async delete(_id, urn, props: Properties) {
    await recordDeletion(urn, props);
    await handlerOf(urn).remove(plain(props), sayOf(urn));
  },
};

function handlerOf(urn: string): AnyHandler {
  // urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  const handler = resourceHandlers[type];
  if (handler === undefined) throw new Error(`the provider shopctl has no resource type ${type}`);
  return handler;
}

function plain(properties: Properties): Record<string, unknown> {
  const opened = openEnvelopes(properties);
  return isRecord(opened) ? opened : {};
}

import { EngineError, type StackReference, type UntypedDeployment } from "../engine.ts";
import { readPassphrase } from "../passphrase.ts";
import { openCrypter, type Crypter } from "../passphrase-crypter.ts";
import { Snapshot } from "./snapshot.ts";
import { StateCodec } from "./state-codec.ts";
import { isProviderType } from "./urn.ts";

/** The snapshot of a loaded state; secrets stay under the salt that the state has, and a new state gets the stack's. */
export async function openSnapshot(
  stack: StackReference,
  state: UntypedDeployment | undefined,
  ofConfig: Crypter,
  save: (deployment: UntypedDeployment) => Promise<void>,
): Promise<Snapshot> {
  const salt = saltOf(state) ?? ofConfig.encryptionSalt;
  const crypter = salt === ofConfig.encryptionSalt ? ofConfig : await openCrypter(await readPassphrase(stack), salt);
  const codec = new StateCodec(crypter);
  const base = (state?.deployment.resources ?? []).map((resource) => codec.decode(resource));
  const leftOpen = (state?.deployment.pending_operations ?? [])
    .filter(({ type, resource }) => type === "creating" && resource.custom && !isProviderType(resource.type))
    .map(({ resource }) => codec.decode(resource));
  return new Snapshot({ base, leftOpen, codec, encryptionSalt: salt, savedAtMs: savedAtMsOf(state), save });
}

function savedAtMsOf(state: UntypedDeployment | undefined): number {
  const manifest = state?.deployment["manifest"] as { time?: string } | undefined;
  return Date.parse(manifest?.time ?? "") || 0;
}

function saltOf(state: UntypedDeployment | undefined): string | undefined {
  const provider = state?.deployment["secrets_providers"] as { type?: string; state?: { salt?: string } } | undefined;
  if (provider === undefined || provider.type === undefined || provider.type === "") return undefined;
  if (provider.type !== "passphrase") {
    throw new EngineError("unsupported", `secrets provider ${provider.type} in the state (only passphrase)`);
  }
  return provider.state?.salt;
}

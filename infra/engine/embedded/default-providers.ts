import type { ConfigTexts } from "../project-files.ts";
import type { Goal } from "./goal.ts";
import { makeSecret, type PropertyMap } from "./property-value.ts";
import { referenceOf } from "./provider-registry.ts";
import type { Registrar } from "./registrar.ts";
import { providerType } from "./urn.ts";

/** Registers a package's default provider at its first use, configured by the stack's `<package>:*` values. */
export class DefaultProviders {
  readonly #config: ConfigTexts;
  readonly #registrar: Registrar;
  readonly #references = new Map<string, Promise<string>>();

  constructor(config: ConfigTexts, registrar: Registrar) {
    this.#config = config;
    this.#registrar = registrar;
  }

  async referenceFor(packageName: string): Promise<string> {
    const known = this.#references.get(packageName);
    if (known !== undefined) return await known;
    const reference = this.#registrar.register(this.#goal(packageName)).then(referenceOf);
    this.#references.set(packageName, reference);
    return await reference;
  }

  #goal(packageName: string): Goal {
    return {
      type: providerType(packageName),
      name: "default",
      custom: true,
      inputs: packageConfig(this.#config, packageName),
      parent: undefined,
      protect: undefined,
      dependencies: [],
      provider: undefined,
      propertyDependencies: {},
      deleteBeforeReplace: undefined,
      ignoreChanges: [],
      replaceOnChanges: [],
      additionalSecretOutputs: [],
      aliases: [],
      customTimeouts: {},
      retainOnDelete: undefined,
      deletedWith: undefined,
    };
  }
}

function packageConfig(config: ConfigTexts, packageName: string): PropertyMap {
  const prefix = `${packageName}:`;
  const own = Object.entries(config).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(
    own.map(([key, { text, secret }]) => [key.slice(prefix.length), secret ? makeSecret(text) : text]),
  );
}

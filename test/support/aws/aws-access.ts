/** Arguments that every client of the AWS SDK takes. */
interface ClientSettings {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly forcePathStyle: boolean;
  readonly maxAttempts: number;
}

/** The emulator as one resource sees it: in its region, with its provider's tags. */
export interface Aws {
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
  /** A client of the AWS SDK, one for each class and region. */
  client<Client>(make: new (settings: ClientSettings) => Client): Client;
}

/** Account that moto's resources belong to. */
export const account = "123456789012";

/**
 * Clients of the emulator that `AWS_ENDPOINT_URL` names. Throws for anything that is not this machine: a rehearsal that
 * reached an account would be no rehearsal.
 */
export class AwsAccess {
  readonly #endpoint: string;
  readonly #clients = new Map<string, unknown>();

  constructor(endpoint: string | undefined) {
    if (endpoint === undefined || new URL(endpoint).hostname !== "127.0.0.1")
      throw new Error("a rehearsal needs AWS_ENDPOINT_URL, an emulator on 127.0.0.1");
    this.#endpoint = endpoint;
  }

  in(region: string, tags: Readonly<Record<string, string>>): Aws {
    return { region, tags, client: (make) => this.#client(region, make) };
  }

  #client<Client>(region: string, make: new (settings: ClientSettings) => Client): Client {
    const key = `${make.name} ${region}`;
    const known = this.#clients.get(key) as Client | undefined;
    if (known !== undefined) return known;
    const client = new make({
      region,
      endpoint: this.#endpoint,
      credentials: { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" },
      forcePathStyle: true,
      maxAttempts: 1,
    });
    this.#clients.set(key, client);
    return client;
  }
}

/** Tags in the form that most services take. */
export function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** The headers of a request with its signature among them. */
export type Signer = (request: {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}) => Promise<Readonly<Record<string, string>>>;

const address = /^aps-workspaces\.([a-z0-9-]+)\.amazonaws\.com$/;

/** The region of a Managed Prometheus that an address names; undefined for any other Prometheus. */
export function managedRegion(url: string): string | undefined {
  return address.exec(new URL(url).hostname)?.[1];
}

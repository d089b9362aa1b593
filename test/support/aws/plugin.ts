/** Entry of the stand-in for the provider plugin `aws`: `plugin.ts <engine address>` prints its port and serves until it is ended. */
import { AwsAccess } from "./aws-access.ts";
import { Provider } from "./provider.ts";
import { serveProvider } from "./serve-provider.ts";

const provider = new Provider(new AwsAccess(process.env["AWS_ENDPOINT_URL"]));
const port = await serveProvider(provider);
process.stdout.write(`${port}\n`);

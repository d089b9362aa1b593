import { expect, it } from "vitest";
import { chooseEncoding } from "../../../service/pages/choose-encoding.ts";

it.each([
  ["gzip, deflate, br, zstd", "br"],
  ["br;q=0, gzip;q=0.5", "gzip"],
  ["GZIP", "gzip"],
  ["*", "br"],
  ["*;q=0", "identity"],
  ["br;q=0.000, *", "gzip"],
  ["deflate", "identity"],
  ["", "identity"],
  [undefined, "identity"],
])("a client that takes %j gets %s", (header, encoding) => {
  expect(chooseEncoding(header)).toBe(encoding);
});

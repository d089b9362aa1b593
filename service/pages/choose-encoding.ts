import type { Encoding } from "./storefront-files.ts";

/** The smallest form that a client takes, by its Accept-Encoding (RFC 9110, 12.5.3). */
export function chooseEncoding(header: string | undefined): Encoding {
  const accepted = new Map(
    (header ?? "").split(",").map((entry) => {
      const [name = "", ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith("q="));
      return [name, weight === undefined ? 1 : Number(weight.slice(2))];
    }),
  );
  const takes = (name: string): boolean => (accepted.get(name) ?? accepted.get("*") ?? 0) > 0;
  return takes("br") ? "br" : takes("gzip") ? "gzip" : "identity";
}

import { EngineError } from "../engine.ts";
import { isMap, type PropertyMap, type PropertyValue } from "./property-value.ts";

/** New inputs with every ignored property as it was; a path that exists on one side only cannot be ignored. */
export function ignoreChanges(olds: PropertyMap, news: PropertyMap, paths: readonly string[]): PropertyMap {
  return paths.reduce<PropertyMap>((inputs, path) => reset(olds, inputs, segments(path)) as PropertyMap, news);
}

function reset(
  old: PropertyValue | undefined,
  fresh: PropertyValue | undefined,
  path: readonly (string | number)[],
): PropertyValue | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return old;
  if (typeof key === "number") {
    if (!Array.isArray(old) || !Array.isArray(fresh) || key >= old.length || key >= fresh.length) return fresh;
    return (fresh as readonly PropertyValue[]).map((item, index) =>
      index === key ? (reset(old[key] as PropertyValue, item, rest) ?? null) : item,
    );
  }
  if (!isMap(old) || !isMap(fresh)) return fresh;
  const value = reset(old[key], fresh[key], rest);
  const { [key]: _replaced, ...others } = fresh;
  return value === undefined ? others : { ...others, [key]: value };
}

/** `a.b[0].c` and `a["b"]`. */
function segments(path: string): readonly (string | number)[] {
  if (path.includes("*")) throw new EngineError("unsupported", `ignoreChanges with a wildcard (${path})`);
  return [...path.matchAll(/\["([^"]*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, name]) => quoted ?? (index === undefined ? (name ?? "") : Number(index)),
  );
}

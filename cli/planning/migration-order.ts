import { breakingChanges, contractedSince } from "./expand-only.ts";

/** A migration of a build: the name of its file without its ending, and its text. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/**
 * Why a build must not be deployed where another release runs: during a deployment, and after a rollback, both run on the
 * newer schema. A migration that takes something away is for the deployment after the one that stopped using it. Empty
 * when there is no reason.
 */
export function deployProblems(running: readonly Migration[], build: readonly Migration[]): readonly string[] {
  const known = new Map(running.map(({ name, sql }) => [name, sql]));
  const added = build.filter(({ name }) => !known.has(name));
  return [
    ...build
      .filter(({ name, sql }) => known.has(name) && known.get(name) !== sql)
      .map(({ name }) => `${name} was changed after it had been run`),
    ...outOfOrder(running, build),
    ...added.flatMap((migration) => whyNot(migration, known)),
    ...withoutWhatItUses(running, build),
  ];
}

/**
 * What a release would miss on the schema as it is: things that later migrations have taken away although it still uses
 * them. `applied` are all that the environment has known.
 */
export function withoutWhatItUses(applied: readonly Migration[], release: readonly Migration[]): readonly string[] {
  const own = new Set(release.map(({ name }) => name));
  return applied
    .filter(({ name }) => !own.has(name))
    .flatMap(({ name, sql }) => {
      const since = contractedSince(sql);
      return since === undefined || own.has(since) ? [] : [`${name} took away what this release still uses`];
    });
}

/** A new migration before one that was run would not be run any more. */
function outOfOrder(running: readonly Migration[], build: readonly Migration[]): readonly string[] {
  const newest = running.at(-1)?.name ?? "";
  const names = new Set(running.map(({ name }) => name));
  return build
    .filter(({ name }) => !names.has(name) && name < newest)
    .map(({ name }) => `${name} comes before ${newest}, which was run already`);
}

function whyNot({ name, sql }: Migration, known: ReadonlyMap<string, string>): readonly string[] {
  const breaking = breakingChanges(sql);
  const since = contractedSince(sql);
  if (breaking.length === 0 || (since !== undefined && known.has(since))) return [];
  if (since !== undefined) return [`${name}: deploy a release with ${since} first; the one that runs is of before it`];
  return breaking.map((change) => `${name}: ${change}, so the release that runs could not go on`);
}

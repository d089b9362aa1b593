/**
 * A path as one word of a configuration file: HAProxy, nginx, Redis, PgBouncer and libpq all take single quotes. A word
 * that needs none stays as it is, so that files from before do not differ. A home with a quote or a backslash is
 * refused (`check-home.ts`), for each of them escapes it in another way.
 */
export function quotedPath(path: string): string {
  return /^[\w@+=:./-]+$/.test(path) ? path : `'${path}'`;
}

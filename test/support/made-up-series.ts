/** A value at a time (seconds since 1970), or a constant; undefined where nothing was scraped. */
export type Course = number | ((at: number) => number | undefined);

/** Everything that one environment exported, as a Prometheus scraped it. */
export interface MadeUpEnvironment {
  /** Value of the label `environment` of all its series. */
  readonly name: string;
  readonly instances: Readonly<Record<string, Readonly<Record<string, Course>>>>;
  /** Seconds since 1970 of the last scrape, and how far and how close the others lie before it. */
  readonly until: number;
  readonly lengthSeconds: number;
  readonly intervalSeconds: number;
}

interface MadeUpSeries {
  readonly family: string;
  readonly series: string;
  readonly course: Course;
  readonly environment: MadeUpEnvironment;
}

/** OpenMetrics text of environments, a family at a time, as the format wants it; `up` is added. Series: `name{a="b"}`. */
export function* madeUpLines(environments: readonly MadeUpEnvironment[]): Generator<string> {
  const all = environments.flatMap(seriesOf);
  for (const [family, series] of Map.groupBy(all, ({ family: name }) => name)) {
    yield `# TYPE ${family} unknown\n`;
    for (const one of series) yield* samplesOf(one);
  }
  yield "# EOF\n";
}

function seriesOf(environment: MadeUpEnvironment): readonly MadeUpSeries[] {
  return Object.entries(environment.instances).flatMap(([instance, courses]) =>
    Object.entries({ up: () => 1, ...courses }).map(([text, course]) => {
      const [family = "", labels = ""] = text.split(/[{}]/);
      const own = `environment="${environment.name}",job="${instance === "mail-worker" ? instance : "shop"}",instance="${instance}"`;
      return { family, series: `${family}{${own}${labels === "" ? "" : `,${labels}`}}`, course, environment };
    }),
  );
}

function* samplesOf({ series, course, environment }: MadeUpSeries): Generator<string> {
  const { until, lengthSeconds, intervalSeconds } = environment;
  for (let at = until - lengthSeconds; at <= until; at += intervalSeconds) {
    const value = typeof course === "number" ? course : course(at);
    if (value !== undefined) yield `${series} ${Number(value.toPrecision(10))} ${at}\n`;
  }
}

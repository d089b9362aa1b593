/** One line of a panel. */
export interface Query {
  /** PromQL. */
  readonly expr: string;
  /** Name of the series in the legend, with labels as `{{label}}`. */
  readonly legend: string;
}

/** A picture of some series over time. Units are Grafana's: `reqps`, `s`, `percentunit`, `bytes`, `short`. */
export interface Panel {
  readonly title: string;
  /** What it tells, and what to do about it. */
  readonly description: string;
  readonly unit: "reqps" | "s" | "percentunit" | "bytes" | "short";
  readonly queries: readonly Query[];
  /** Where it begins to be bad, drawn as a line. */
  readonly threshold?: number;
}

/** Panels about one thing, side by side. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export interface Dashboard {
  /** Also its file's name and its address in Grafana. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** What is shown at first, e.g. `now-6h`. */
  readonly from: string;
  readonly refresh: string;
  readonly rows: readonly Row[];
}

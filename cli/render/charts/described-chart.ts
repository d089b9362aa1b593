import type { EChartsCoreOption } from "echarts/core";

/** A chart with what it says in words. */
export interface DescribedChart {
  readonly title: string;
  readonly description: string;
  readonly option: EChartsCoreOption;
  /** For a phone, where the same does not fit. */
  readonly narrowOption?: EChartsCoreOption;
}

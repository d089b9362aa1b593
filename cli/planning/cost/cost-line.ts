/** One line of a monthly bill, with what it takes for granted. */
export interface CostLine {
  readonly item: string;
  readonly usdPerMonth: number;
  readonly assumption: string;
  /** What the usage needs and the plan of this line does not give; absent where it fits. */
  readonly exceeded?: string;
}

export interface Cost {
  readonly usdPerMonth: number;
  readonly lines: readonly CostLine[];
}

/** A prediction beside what was then measured. */
export interface PredictionCheck {
  readonly predictedPerSecond: number;
  readonly measuredPerSecond: number;
  /** (predicted − measured) ÷ measured. */
  readonly error: number;
  readonly within: boolean;
}

/** How far a prediction was off; `allowed` is a share, e.g. 0.2. */
export function checkPrediction(
  predictedPerSecond: number,
  measuredPerSecond: number,
  allowed: number,
): PredictionCheck {
  const error = (predictedPerSecond - measuredPerSecond) / measuredPerSecond;
  return { predictedPerSecond, measuredPerSecond, error, within: Math.abs(error) <= allowed };
}

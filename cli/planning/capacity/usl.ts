/** One operating point: requests in the shop at a time, and answers a second. */
export interface UslPoint {
  readonly concurrency: number;
  readonly throughputPerSecond: number;
}

/**
 * Gunther's universal scalability law, X(N) = λN / (1 + σ(N − 1) + κN(N − 1)), fitted to points: λ answers a second of one
 * request at a time, σ what waits for others (contention), κ what it costs to agree (coherency).
 */
export interface UslFit {
  readonly lambda: number;
  readonly sigma: number;
  readonly kappa: number;
  /** Root mean square of the relative error of throughput over the points. */
  readonly relativeError: number;
  readonly rSquared: number;
  readonly points: number;
  /** The law's largest throughput and where it is; null where it only nears a bound (κ = 0) or has none (σ = 0 too). */
  readonly peak: { readonly concurrency: number; readonly throughputPerSecond: number } | null;
  /** What throughput nears without end where κ = 0; null with a peak, and where nothing bounds it. */
  readonly boundPerSecond: number | null;
}

const leastPoints = 4;
const rounds = 12;

/**
 * Least squares in throughput with λ > 0, σ ≥ 0, κ ≥ 0. The law is linear in its inverse, N/X = a + b(N − 1) + cN(N − 1), so
 * each round solves that with weights which make its residuals those of X. Undefined with fewer than four points that
 * differ in concurrency: three parameters fit three points without saying anything.
 */
export function fitUsl(given: readonly UslPoint[]): UslFit | undefined {
  const points = given.filter(({ concurrency, throughputPerSecond }) => concurrency > 0 && throughputPerSecond > 0);
  if (new Set(points.map(({ concurrency }) => concurrency)).size < leastPoints) return undefined;
  let estimate = points.map(({ throughputPerSecond }) => throughputPerSecond);
  let solution: Solution | undefined;
  for (let round = 0; round < rounds; round += 1) {
    solution = solveBounded(points, estimate);
    if (solution === undefined) return undefined;
    const [a, b, c] = solution;
    estimate = points.map(({ concurrency: n }) => n / (a + b * (n - 1) + c * n * (n - 1)));
    if (estimate.some((x) => !(x > 0))) return undefined;
  }
  return solution && fitOf(solution, points, estimate);
}

/** What the law says of a concurrency. */
export function uslThroughput({ lambda, sigma, kappa }: UslFit, concurrency: number): number {
  const others = concurrency - 1;
  return (lambda * concurrency) / (1 + sigma * others + kappa * concurrency * others);
}

type Solution = readonly [number, number, number];

function fitOf([a, b, c]: Solution, points: readonly UslPoint[], estimate: readonly number[]): UslFit {
  const measured = points.map(({ throughputPerSecond }) => throughputPerSecond);
  const mean = sum(measured) / measured.length;
  const errors = measured.map((x, index) => x - (estimate[index] ?? 0));
  const total = sum(measured.map((x) => (x - mean) ** 2));
  const [lambda, sigma, kappa] = [1 / a, b / a, c / a];
  const at = kappa > 0 && sigma < 1 ? Math.sqrt((1 - sigma) / kappa) : undefined;
  const law = {
    lambda,
    sigma,
    kappa,
    relativeError: Math.sqrt(sum(errors.map((error, index) => (error / (measured[index] ?? 1)) ** 2)) / errors.length),
    rSquared: total > 0 ? 1 - sum(errors.map((error) => error ** 2)) / total : 1,
    points: points.length,
    peak: null,
    boundPerSecond: kappa === 0 && sigma > 0 ? lambda / sigma : null,
  };
  return at === undefined ? law : { ...law, peak: { concurrency: at, throughputPerSecond: uslThroughput(law, at) } };
}

/** The best of the four ways to hold σ or κ at 0 that are allowed: with three parameters all can be tried. */
function solveBounded(points: readonly UslPoint[], estimate: readonly number[]): Solution | undefined {
  const rows = points.map(({ concurrency: n, throughputPerSecond: x }, index) => {
    const weight = (estimate[index] ?? x) * x * (1 / n);
    return { factors: [1, n - 1, n * (n - 1)] as const, target: n / x, weight };
  });
  const candidates = [[0, 1, 2], [0, 1], [0, 2], [0]].flatMap((free) => {
    const solution = solve(rows, free);
    if (solution === undefined || !(solution[0] > 0) || solution[1] < 0 || solution[2] < 0) return [];
    const cost = sum(rows.map(({ factors, target, weight }) => (weight * (target - dot(factors, solution))) ** 2));
    return [{ solution, cost }];
  });
  const [first, ...others] = candidates;
  return first && others.reduce((best, one) => (one.cost < best.cost ? one : best), first).solution;
}

interface Row {
  readonly factors: readonly [number, number, number];
  readonly target: number;
  readonly weight: number;
}

/** Weighted normal equations over the free parameters, by elimination; undefined when they have no one solution. */
function solve(rows: readonly Row[], free: readonly number[]): Solution | undefined {
  const matrix = free.map((i) => [
    ...free.map((j) => sum(rows.map(({ factors, weight }) => weight ** 2 * (factors[i] ?? 0) * (factors[j] ?? 0)))),
    sum(rows.map(({ factors, target, weight }) => weight ** 2 * (factors[i] ?? 0) * target)),
  ]);
  for (let pivot = 0; pivot < matrix.length; pivot += 1) {
    const row = matrix[pivot];
    const head = row?.[pivot] ?? 0;
    if (row === undefined || Math.abs(head) < 1e-300) return undefined;
    for (const other of matrix) {
      if (other === row) continue;
      const factor = (other[pivot] ?? 0) / head;
      for (let column = 0; column < other.length; column += 1) {
        other[column] = (other[column] ?? 0) - factor * (row[column] ?? 0);
      }
    }
  }
  const solution: [number, number, number] = [0, 0, 0];
  for (const [index, parameter] of free.entries()) {
    solution[parameter] = (matrix[index]?.at(-1) ?? 0) / (matrix[index]?.[index] ?? 1);
  }
  return solution.every(Number.isFinite) ? solution : undefined;
}

function dot([a, b, c]: Solution, [x, y, z]: Solution): number {
  return a * x + b * y + c * z;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A fitted logistic regression. Features are standardised with the means and deviations of the data it was fitted on. */
export interface LogisticModel {
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  /** The intercept, then one weight per feature. */
  readonly weights: readonly number[];
}

const ROUNDS = 50;
const TOLERANCE = 1e-9;

const sigmoid = (x: number) => 1 / (1 + Math.exp(-Math.max(-30, Math.min(30, x))));
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);

/** Solves A x = b for a symmetric positive definite A by elimination with pivoting. A and b are used up. */
export function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0]);
  const n = rows.length;
  for (let column = 0; column < n; column++) {
    let best = column;
    for (let row = column + 1; row < n; row++) {
      if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[best]?.[column] ?? 0)) best = row;
    }
    const pivot = rows[best] ?? [];
    rows[best] = rows[column] ?? [];
    rows[column] = pivot;
    for (let row = 0; row < n; row++) {
      const target = rows[row];
      if (row === column || target === undefined) continue;
      const factor = (target[column] ?? 0) / (pivot[column] ?? 1);
      for (let k = column; k <= n; k++) target[k] = (target[k] ?? 0) - factor * (pivot[k] ?? 0);
    }
  }
  return rows.map((row, i) => (row[n] ?? 0) / (row[i] ?? 1));
}

function standardise(
  row: readonly number[],
  { means, deviations }: Omit<LogisticModel, 'weights'>,
): number[] {
  return [1, ...row.map((x, i) => (x - (means[i] ?? 0)) / (deviations[i] ?? 1))];
}

/**
 * Fits P(label) = sigmoid(w · x) by Newton's method with a ridge penalty on all weights but the intercept, which keeps
 * the solution finite where the classes can be parted exactly.
 * @param rows one row of features per example, at least one row
 * @param ridge the penalty's weight, for standardised features
 */
export function fitLogistic(
  rows: readonly (readonly number[])[],
  labels: readonly boolean[],
  ridge = 1,
): LogisticModel {
  const features = rows[0]?.length ?? 0;
  const column = (i: number) => rows.map((row) => row[i] ?? 0);
  const mean = (values: readonly number[]) =>
    values.reduce((sum, x) => sum + x, 0) / Math.max(1, values.length);
  const means = Array.from({ length: features }, (_, i) => mean(column(i)));
  const deviations = means.map((m, i) => Math.sqrt(mean(column(i).map((x) => (x - m) ** 2))) || 1);
  const inputs = rows.map((row) => standardise(row, { means, deviations }));
  let weights = new Array<number>(features + 1).fill(0);
  for (let round = 0; round < ROUNDS; round++) {
    const gradient = weights.map((weight, i) => (i === 0 ? 0 : -ridge * weight));
    const hessian = weights.map((_, i) => weights.map((_, k) => (i === k ? (i === 0 ? 1e-9 : ridge) : 0)));
    for (const [r, input] of inputs.entries()) {
      const p = sigmoid(dot(input, weights));
      const error = (labels[r] ? 1 : 0) - p;
      for (const [i, x] of input.entries()) {
        gradient[i] = (gradient[i] ?? 0) + error * x;
        const row = hessian[i] ?? [];
        for (const [k, y] of input.entries()) row[k] = (row[k] ?? 0) + p * (1 - p) * x * y;
      }
    }
    const step = solve(hessian, gradient);
    weights = weights.map((weight, i) => weight + (step[i] ?? 0));
    if (Math.max(...step.map(Math.abs)) < TOLERANCE) break;
  }
  return { means, deviations, weights };
}

/** The model's log-odds for a row: higher means more likely true. */
export function logOdds(model: LogisticModel, row: readonly number[]): number {
  return dot(standardise(row, model), model.weights);
}

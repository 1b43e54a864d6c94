/** How far the model's labels agree with others' on the steps that both have judged right or wrong. */
export interface Agreement {
  readonly steps: number;
  readonly bothCorrect: number;
  readonly bothIncorrect: number;
  /** The model says correct, the other incorrect. */
  readonly modelCorrect: number;
  /** The model says incorrect, the other correct. */
  readonly modelIncorrect: number;
  /** Share of the steps on which they agree; null without steps. */
  readonly observed: number | null;
  /** Cohen's κ; null where there is no step, or both always say the same one thing. */
  readonly kappa: number | null;
}

/** Counts pairs of verdicts. */
export class AgreementCount {
  private readonly cells = { bothCorrect: 0, bothIncorrect: 0, modelCorrect: 0, modelIncorrect: 0 };

  add(model: boolean, other: boolean): void {
    if (model) this.cells[other ? 'bothCorrect' : 'modelCorrect']++;
    else this.cells[other ? 'modelIncorrect' : 'bothIncorrect']++;
  }

  /**
   * κ = (p_o − p_e) / (1 − p_e), with p_o the share of equal verdicts and p_e the share that is expected of two judges who
   * say correct as often as these do but at random (Cohen 1960).
   */
  get result(): Agreement {
    const { bothCorrect, bothIncorrect, modelCorrect, modelIncorrect } = this.cells;
    const steps = bothCorrect + bothIncorrect + modelCorrect + modelIncorrect;
    if (steps === 0) return { steps, ...this.cells, observed: null, kappa: null };
    const observed = (bothCorrect + bothIncorrect) / steps;
    const model = (bothCorrect + modelCorrect) / steps;
    const other = (bothCorrect + modelIncorrect) / steps;
    const expected = model * other + (1 - model) * (1 - other);
    return {
      steps,
      ...this.cells,
      observed,
      kappa: expected === 1 ? null : (observed - expected) / (1 - expected),
    };
  }
}

/** How far a run is. What is not known yet is left out. */
export interface LabelProgress {
  /** Traces that are done, those of earlier runs included. */
  readonly done: number;
  readonly total: number;
  /** Traces taken up from an earlier run. */
  readonly resumed: number;
  readonly stepsPerSecond?: number;
  /** Tokens run through the model a second. */
  readonly tokensPerSecond?: number;
  readonly secondsLeft?: number;
}

/** What one trace took. */
export interface Done {
  readonly characters: number;
  readonly steps: number;
  readonly tokens: number;
  /** Taken up from an earlier run, or not scorable: it cost no time of the model. */
  readonly free: boolean;
}

/** Measures a run: rates over what was scored in it, and the time left in proportion to the characters to come. */
export class Rate {
  private done = 0;
  private resumed = 0;
  private characters = 0;
  private scored = { characters: 0, steps: 0, tokens: 0 };

  /** @param now a clock in milliseconds */
  constructor(
    private readonly survey: { readonly traces: number; readonly characters: number },
    private readonly now: () => number = () => performance.now(),
    private readonly started = now(),
  ) {}

  add({ characters, steps, tokens, free }: Done, resumed = false): LabelProgress {
    this.done++;
    this.characters += characters;
    if (resumed) this.resumed++;
    if (!free) {
      this.scored.characters += characters;
      this.scored.steps += steps;
      this.scored.tokens += tokens;
    }
    return this.progress;
  }

  get progress(): LabelProgress {
    const seconds = (this.now() - this.started) / 1000;
    const left = Math.max(0, this.survey.characters - this.characters);
    return {
      done: this.done,
      total: Math.max(this.survey.traces, this.done),
      resumed: this.resumed,
      ...(this.scored.characters > 0 &&
        seconds > 0 && {
          stepsPerSecond: this.scored.steps / seconds,
          tokensPerSecond: this.scored.tokens / seconds,
          secondsLeft: (left / this.scored.characters) * seconds,
        }),
    };
  }
}

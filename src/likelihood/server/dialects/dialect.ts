/** One question to a server: the log-probabilities of `ids[from..]`, each given all ids before it. */
export interface Question {
  readonly ids: readonly number[];
  /** At least 1. */
  readonly from: number;
  /** The same as text, for servers that take no token ids. */
  readonly text: QuestionText;
}

/** A question in three parts, without start tokens. */
export interface QuestionText {
  readonly context: string;
  /**
   * The pieces of nothing but white space that the context ends with: a tokeniser cuts them otherwise where no text
   * follows. They stand before `from`.
   */
  readonly blank: { readonly text: string; readonly tokens: number };
  readonly target: string;
}

/** What is sent: a path under the server's root and a JSON body. */
export interface Ask {
  readonly path: string;
  readonly body: object;
}

/** The likeliest next token of a prompt, by which the probe checks what prompt log-probabilities a server gives. */
export interface NextToken {
  /** Absent where a server names tokens by their text alone. */
  readonly id?: number;
  readonly text: string;
  readonly logProb: number;
}

/**
 * How a kind of server is asked for prompt log-probabilities, and how its answers are read. Reading checks all that can
 * be checked: an answer that does not fit the question is an error, never a number.
 */
export interface Dialect {
  readonly name: string;
  /** One clause for people: by what the server is asked. */
  readonly means: string;
  /**
   * Of servers that take text alone: the text that is sent, and the ids that it has to become there. Absent where ids
   * themselves are sent.
   */
  prompt?(question: Question): { readonly text: string; readonly ids: readonly number[] };
  /** Whether the server goes on from the keys and values of a prompt's beginning that it has seen before. */
  readonly sharesPrefixes: boolean;
  /** Positions that a question has the server run. */
  positions(question: Question): number;
  ask(question: Question, model: string): Ask;
  /** One natural log-probability for each of `ids[from..]`. @throws {AnswerError} */
  read(answer: unknown, question: Question): readonly number[];
  askNext(prompt: { readonly ids: readonly number[]; readonly text: string }, model: string): Ask;
  /** @throws {AnswerError} */
  readNext(answer: unknown): NextToken;
}

/** An answer that cannot be used; the message says what is wrong with it. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  /** @param well it does fit the question: to ask again would be no use */
  constructor(
    message: string,
    readonly well = false,
  ) {
    super(message);
  }
}

/**
 * The model gives a token no probability that a computer can tell from none: its logarithm is no number to go on with.
 * Servers send -9999 (vLLM) or the smallest float (llama.cpp) in its place.
 */
const NO_PROBABILITY = -9_000;
/** Rounding may lift the logarithm of a probability of 1 a little. */
const ROUNDING = 1e-3;

/** A log-probability as a server sent it, checked. @throws {AnswerError} */
export function checkedLogProb(value: unknown, position: number): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new AnswerError(`there is no log-probability for token ${position}`);
  }
  if (value > ROUNDING) throw new AnswerError(`the log-probability ${value} of token ${position} is above 0`);
  if (value < NO_PROBABILITY)
    throw new AnswerError(`the model gives token ${position} no probability at all`, true);
  return Math.min(0, value);
}

/**
 * A text built by appending. Each piece is tokenised on its own and the ids are joined, so a target's tokens never
 * depend on its context, and contexts that share an object share their work: memory stays linear in the text even where
 * every step of a long trace asks for its own context.
 */
export interface Text {
  readonly before?: Text;
  readonly piece: string;
  /**
   * Stands for what the model's own chat template puts before or after a user's message; the piece is empty then. Only
   * here do special tokens enter a text: a piece that spells one is encoded as the characters it has.
   */
  readonly frame?: Frame;
}

export type Frame = 'before' | 'after';

/** One question to the model: how likely is `target` right after `context`? */
export interface LikelihoodRequest {
  readonly context: Text;
  readonly target: string;
}

/** The answer: natural logarithms. The mean log-likelihood in nats per token is `logProb / tokens`. */
export interface LogLikelihood {
  /** Sum over the target's tokens of log p(token | context, target tokens before it). */
  readonly logProb: number;
  /** Number of target tokens, at least 1. */
  readonly tokens: number;
  /** How many tokens were dropped from the left of the context to fit the model's window; 0 where nothing was. */
  readonly cut: number;
}

/** Counted work of one `score` call, in positions (tokens run through the model). */
export interface Work {
  readonly naivePositions: number;
  readonly distinctPositions: number;
  readonly computedPositions: number;
  readonly passes: number;
}

export interface ScoreOptions {
  readonly signal?: AbortSignal;
  /** Called after each pass with the positions done and the positions there are. */
  readonly onProgress?: (done: number, total: number) => void;
  /** What to do with a context that does not fit the model's window. Default: `error`. */
  readonly overflow?: 'error' | 'cut-left';
  /**
   * `offer`: what this call finds out about its prefixes is kept for the next one. `take`: that too, and this call takes
   * over what the one before has kept, as for a trace that is scored again after an edit. In 8 bits a score then differs by
   * the rounding of another packing: `take` is not for what has to come out the same every time. Default: neither.
   * Engines that keep nothing ignore it.
   */
  readonly reuse?: 'offer' | 'take';
}

export interface ScoreResult {
  /** One per request, in the order of the requests. */
  readonly likelihoods: readonly LogLikelihood[];
  readonly work: Work;
}

/** A causal language model that scores targets given contexts. Nothing else of a model is needed for CPMI. */
export interface LikelihoodModel {
  /** Name and content hash: every stored reward says which model made it. */
  readonly id: ModelId;
  /** Tokens that context and target may have together. */
  readonly window: number;
  /** Whether it was trained to say of a step that it is correct, so that a trace needs no gold answer. */
  readonly judges: boolean;
  /**
   * Scores all requests, sharing every common prefix.
   * @throws {ContextTooLongError} a request exceeds the window and `overflow` is `error`
   * @throws {UnanswerableError} the model has no true answer to a request
   * @throws {DOMException} `AbortError` when the signal fires
   */
  score(requests: readonly LikelihoodRequest[], options?: ScoreOptions): Promise<ScoreResult>;
  dispose(): Promise<void>;
}

export interface ModelId {
  readonly name: string;
  readonly sha256: string;
  /**
   * What ran it: `native` or `wasm` for ONNX Runtime's two builds. Their scores agree within rounding and are not the same
   * bits. Absent in files of older versions.
   */
  readonly runtime?: string;
}

/** A request does not fit the model's window. `request` is its index in the call. */
export class ContextTooLongError extends Error {
  override readonly name = 'ContextTooLongError';
  constructor(
    readonly request: number,
    readonly tokens: number,
    readonly window: number,
  ) {
    super(`context and target have ${tokens} tokens, the model's window is ${window}`);
  }
}

/** A request that this model cannot answer truly, however often it is asked; the message says why. Others it can. */
export class UnanswerableError extends Error {
  override readonly name = 'UnanswerableError';
}

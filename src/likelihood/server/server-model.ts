import { setMaxListeners } from 'node:events';
import {
  type LikelihoodModel,
  type LikelihoodRequest,
  type ModelId,
  type ScoreOptions,
  type ScoreResult,
  type Text,
  UnanswerableError,
} from '../likelihood-model';
import { buildTrie, type Encode } from '../token-trie';
import { TrieScores } from '../trie-scores';
import { AnswerError } from './dialects';
import type { Endpoint } from './endpoint';
import { ExchangeError, ServerError } from './errors';
import type { BackOff, Pool } from './pool';
import type { Found } from './probe';
import { questionsOf, type TrieQuestion } from './questions';
import { judge, retrying } from './retry';

/** A model behind one or several servers that give prompt log-probabilities. */
export class ServerModel implements LikelihoodModel {
  readonly judges = false;

  /** @param reference what the servers were found to be; its tokeniser is used */
  constructor(
    readonly id: ModelId,
    readonly window: number,
    private readonly pool: Pool<Endpoint>,
    private readonly reference: Found,
    private readonly backOff: BackOff,
  ) {}

  /** @throws {ServerError} where no server answers, or one answers what cannot be right */
  async score(requests: readonly LikelihoodRequest[], options: ScoreOptions = {}): Promise<ScoreResult> {
    const { signal, onProgress } = options;
    // Every question listens to it.
    if (signal) setMaxListeners(0, signal);
    const { dialect, tokeniser } = this.reference;
    const encode = await this.encodeAll(requests, signal);
    // A context that is sent as text cannot be cut between two of its tokens.
    const overflow = dialect.prompt ? 'error' : options.overflow;
    const trie = buildTrie(requests, encode, this.window, overflow, tokeniser.start);
    const questions = questionsOf(requests, trie, encode);
    await this.checkPrompts(questions, signal);
    const scores = new TrieScores(trie);
    const total = questions.reduce((sum, question) => sum + dialect.positions(question), 0);
    let done = 0;
    await this.askAll(questions, signal, (question, logProbs) => {
      question.predictors.forEach((node, i) => {
        scores.set(node, question.ids[question.from + i] ?? -1, logProbs[i] ?? Number.NaN);
      });
      done += dialect.positions(question);
      onProgress?.(done, total);
    });
    const likelihoods = scores.likelihoods();
    if (likelihoods.some(({ logProb }) => Number.isNaN(logProb)))
      throw new Error('a target was never asked for');
    const { naivePositions, distinctPositions } = trie;
    return {
      likelihoods,
      // What was asked again because a server failed is not counted again, so that a run's figures do not hang on luck.
      work: { naivePositions, distinctPositions, computedPositions: total, passes: questions.length },
    };
  }

  async dispose(): Promise<void> {}

  /** Asks all questions; the first that fails for good stops the others. */
  private async askAll(
    questions: readonly TrieQuestion[],
    signal: AbortSignal | undefined,
    answered: (question: TrieQuestion, logProbs: readonly number[]) => void,
  ): Promise<void> {
    signal?.throwIfAborted();
    const stop = new AbortController();
    setMaxListeners(0, stop.signal);
    const abort = () => stop.abort(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    const home = this.pool.nextHome();
    const ask = async (question: TrieQuestion) => {
      try {
        answered(question, await this.ask(question, home, stop.signal));
      } catch (error) {
        stop.abort(error);
        throw error;
      }
    };
    try {
      const [first, ...rest] = questions;
      // The first one fills the cache with what the others begin with.
      if (first && this.reference.dialect.sharesPrefixes) await ask(first);
      else if (first) rest.unshift(first);
      await Promise.all(rest.map(ask));
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  private async ask(question: TrieQuestion, home: number, signal: AbortSignal): Promise<readonly number[]> {
    let attempt = 0;
    // Another attempt goes to another server, where there is one.
    const once = () =>
      this.pool.run(
        home + attempt++,
        (endpoint) => endpoint.ask(question, this.reference, signal),
        judge,
        signal,
      );
    try {
      return await retrying(once, this.backOff, signal);
    } catch (error) {
      if (error instanceof AnswerError) throw new UnanswerableError(error.message);
      if (error instanceof ExchangeError && error.kind === 'long') {
        throw new UnanswerableError(`${error.message} (--server-window N says how many tokens it takes)`);
      }
      throw error;
    }
  }

  /** Token ids of every piece of the requests, looked up without waiting. */
  private async encodeAll(requests: readonly LikelihoodRequest[], signal?: AbortSignal): Promise<Encode> {
    const pieces = new Set<string>();
    const seen = new Set<Text>();
    for (const { context, target } of requests) {
      pieces.add(target);
      for (let at: Text | undefined = context; at && !seen.has(at); at = at.before) {
        if (at.frame) {
          throw new ServerError(
            'a chat template can be used with a model folder only: score a server without it',
          );
        }
        seen.add(at);
        pieces.add(at.piece);
      }
    }
    const ids = new Map<string, readonly number[]>();
    const encode = async (piece: string) => {
      ids.set(piece, piece === '' ? [] : await this.encode(piece, signal));
    };
    await Promise.all([...pieces].map(encode));
    return (piece) => ids.get(piece) ?? [];
  }

  private encode(piece: string, signal?: AbortSignal): Promise<readonly number[]> {
    return retrying(() => this.reference.tokeniser.encode(piece, signal), this.backOff, signal);
  }

  /** @throws {UnanswerableError} where a server would read a prompt's text as other tokens than its pieces have */
  private async checkPrompts(questions: readonly TrieQuestion[], signal?: AbortSignal): Promise<void> {
    const { dialect, tokeniser } = this.reference;
    const check = async (question: TrieQuestion) => {
      const prompt = dialect.prompt?.(question);
      if (!prompt) return;
      const ids = [...tokeniser.start, ...(await this.encode(prompt.text, signal))];
      if (ids.length === prompt.ids.length && ids.every((id, i) => id === prompt.ids[i])) return;
      throw new UnanswerableError(
        'the server takes text only, and would cut this one into other tokens than its parts have',
      );
    };
    await Promise.all(questions.map(check));
  }
}

import { AnswerError, type Question } from './dialects';
import { ExchangeError, ServerError } from './errors';
import { exchange, type Peer } from './http';
import type { Member } from './pool';
import { type Found, type ProbeOptions, probe } from './probe';

/** Requests at a time where a server does not say how many it works on. */
const CAPACITY: Readonly<Record<string, number>> = { 'llama-cpp-python': 1, 'llama.cpp': 4 };
const USUAL_CAPACITY = 16;
/** Mean difference of two servers' log-probabilities of one text, in nats per token, above which they run two models. */
const SAME_MODEL = 0.1;

/** One server: probed before it is first used, and then asked. */
export class Endpoint implements Member {
  private found: Promise<Found> | undefined;
  private known: Found | undefined;

  /** @param concurrency how many requests it may get at a time; by default as many as it works on */
  constructor(
    readonly peer: Peer,
    private readonly options: ProbeOptions,
    private readonly concurrency: number | undefined,
  ) {}

  get capacity(): number {
    const { dialect, slots } = this.known ?? {};
    return this.concurrency ?? slots ?? CAPACITY[dialect?.name ?? ''] ?? USUAL_CAPACITY;
  }

  /** What the probe found; a probe that failed is made again when it is asked for again. */
  probed(signal?: AbortSignal): Promise<Found> {
    this.found ??= probe(this.peer, this.options, signal).then(
      (found) => {
        this.known = found;
        return found;
      },
      (error: unknown) => {
        this.found = undefined;
        throw error;
      },
    );
    return this.found;
  }

  /**
   * The log-probabilities that a question asks for.
   * @param reference what another server was found to be: this one has to serve the same model
   * @throws {ServerError | AnswerError}
   */
  async ask(question: Question, reference: Found, signal: AbortSignal): Promise<readonly number[]> {
    const found = this.known ?? (await this.probed(signal));
    refuseOther(this.peer, found, reference);
    const { path, body } = found.dialect.ask(question, found.model);
    const answer = await exchange(this.peer, path, body, signal);
    try {
      return found.dialect.read(answer, question);
    } catch (error) {
      if (!(error instanceof AnswerError) || error.well) throw error;
      throw new ExchangeError(`${this.peer.root} answered what cannot be right: ${error.message}`, 'lies');
    }
  }
}

/** @throws {ServerError} where two servers do not serve the same model in the same way */
export function refuseOther({ root }: Peer, found: Found, reference: Found): void {
  if (found === reference) return;
  const differs = (what: string) =>
    new ServerError(`${root} and the other servers do not serve the same model: ${what}`);
  if (found.model !== reference.model) throw differs(`"${found.model}" and "${reference.model}"`);
  if (found.dialect !== reference.dialect) {
    throw differs(`one is asked by ${found.dialect.means}, one by ${reference.dialect.means}`);
  }
  if (`${found.ids}` !== `${reference.ids}`) throw differs('they cut the same text into other tokens');
  const sum = found.logProbs.reduce((s, value, i) => s + Math.abs(value - (reference.logProbs[i] ?? 0)), 0);
  const difference = sum / found.logProbs.length;
  if (difference <= SAME_MODEL) return;
  throw differs(`their log-probabilities of the same text differ by ${difference.toFixed(2)} nats a token`);
}

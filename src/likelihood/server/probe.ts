import {
  AnswerError,
  type Dialect,
  echoOfIds,
  echoOfText,
  llamaCpp,
  llamaCppPython,
  type NextToken,
  type QuestionText,
  sglang,
  vllm,
} from './dialects';
import { ExchangeError, ServerError } from './errors';
import { exchange, type Peer } from './http';
import { type Identity, identify } from './identify';
import { folderTokeniser, serverTokeniser, type Tokeniser } from './tokeniser';

export interface ProbeOptions {
  /** The model to take where the server has several. */
  readonly model?: string;
  /** A folder with the model's tokenizer.json, where the server has no tokeniser of its own or not a usable one. */
  readonly tokenizer?: string;
}

/** What a probe found out about a server that can be used. */
export interface Found extends Identity {
  readonly dialect: Dialect;
  readonly tokeniser: Tokeniser;
  /** Token ids of the known text, start included: the same for every server of a model. */
  readonly ids: readonly number[];
  /** Log-probability of each token of the known text after its first words, in nats. */
  readonly logProbs: readonly number[];
}

/** The text that every server is asked to score, cut where its score begins. */
const KNOWN: QuestionText = {
  context: 'Question: What is the capital of France?\n\nThe capital of France is Paris.\n',
  blank: { text: '', tokens: 0 },
  target: 'The answer is: Paris',
};

/** By `owned_by` in the list of models; a gateway may put anything there, so then all are tried. */
const BY_OWNER: Readonly<Record<string, readonly Dialect[]>> = {
  vllm: [vllm, echoOfIds],
  sglang: [sglang],
  llamacpp: [llamaCpp],
  me: [llamaCppPython, echoOfText],
};
const ALL = [vllm, sglang, echoOfIds, llamaCpp, llamaCppPython, echoOfText];

/** Two computations of one log-probability on one server, in nats; half precision and batching make a difference. */
const TOLERANCE = 0.15;
/** A model that finds plain English less likely than this, in nats per token, was given other tokens than its own. */
const IMPLAUSIBLE = -8;

/**
 * Finds out by what a server gives prompt log-probabilities, and checks them: it scores a known text, and the likeliest
 * next token has to get the same log-probability from the prompt's side as from the generation's. That also finds servers
 * whose log-probabilities belong to a neighbouring token.
 * @throws {ServerError} saying why a server cannot be used
 */
export async function probe(peer: Peer, options: ProbeOptions = {}, signal?: AbortSignal): Promise<Found> {
  const identity = await identify(peer, options.model, signal);
  const tokeniser = await tokeniserOf(peer, identity.model, options.tokenizer, signal);
  const context = [...tokeniser.start, ...(await tokeniser.encode(KNOWN.context, signal))];
  const target = await tokeniser.encode(KNOWN.target, signal);
  const ids = [...context, ...target];
  const question = { ids, from: context.length, text: KNOWN };
  const reasons: string[] = [];
  for (const dialect of BY_OWNER[identity.owner] ?? ALL) {
    try {
      const { path, body } = dialect.ask(question, identity.model);
      const logProbs = dialect.read(await exchange(peer, path, body, signal), question);
      await checkNext(peer, identity.model, dialect, tokeniser, context, signal);
      if (logProbs.reduce((sum, value) => sum + value, 0) / logProbs.length < IMPLAUSIBLE) {
        throw new AnswerError('it finds plain English unlikely; is the tokenizer that of the model?');
      }
      return { ...identity, dialect, tokeniser, ids, logProbs };
    } catch (error) {
      const passing = error instanceof ExchangeError && error.kind !== 'refused' && error.kind !== 'lies';
      if (passing || !(error instanceof AnswerError || error instanceof ExchangeError)) throw error;
      reasons.push(`${dialect.means}: ${error.message}`);
    }
  }
  throw new ServerError(
    `${peer.root} gives no prompt log-probabilities that can be used (${reasons.join('; ')})`,
  );
}

async function tokeniserOf(
  peer: Peer,
  model: string,
  folder: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Tokeniser> {
  if (folder !== undefined) return folderTokeniser(folder);
  const own = await serverTokeniser(peer, model, signal);
  if (own) return own;
  throw new ServerError(
    `${peer.root} has no tokeniser to ask; give the folder of the model's tokenizer.json (--server-tokenizer, steplens.model.server.tokenizer)`,
  );
}

/** @throws {AnswerError} where prompt and generation disagree about the likeliest token after the context */
async function checkNext(
  peer: Peer,
  model: string,
  dialect: Dialect,
  tokeniser: Tokeniser,
  context: readonly number[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const text = KNOWN.context;
  const asked = dialect.askNext({ ids: context, text }, model);
  const next = dialect.readNext(await exchange(peer, asked.path, asked.body, signal));
  const [id, ...more] = next.id === undefined ? await tokeniser.encode(next.text, signal) : [next.id];
  if (id === undefined || more.length > 0) throw new AnswerError(`"${next.text}" is not one token`);
  const question = {
    ids: [...context, id],
    from: context.length,
    text: { ...KNOWN, target: next.text },
  };
  const { path, body } = dialect.ask(question, model);
  const [logProb = Number.NaN] = dialect.read(await exchange(peer, path, body, signal), question);
  if (Math.abs(logProb - next.logProb) > TOLERANCE) throw new AnswerError(disagreement(next, logProb));
}

const disagreement = (next: NextToken, logProb: number): string =>
  `it gives the next token ${next.logProb.toFixed(2)} nats when it generates it, but ${logProb.toFixed(2)} in a prompt`;

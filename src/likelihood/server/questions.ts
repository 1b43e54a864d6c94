import { getOrAdd } from '../get-or-add';
import type { LikelihoodRequest, Text } from '../likelihood-model';
import type { Encode, TokenTrie } from '../token-trie';
import type { Question, QuestionText } from './dialects';

/** A question with the edges of the trie that its answer is for. */
export interface TrieQuestion extends Question {
  /** Node i predicts token i of the target. */
  readonly predictors: readonly number[];
}

/**
 * The questions that answer all requests, none of them twice: a target that another one after the same context begins
 * with is answered along with that. Questions whose prompts begin alike stand together, the order in which a server's
 * prefix cache serves best.
 */
export function questionsOf(
  requests: readonly LikelihoodRequest[],
  trie: TokenTrie,
  encode: Encode,
): TrieQuestion[] {
  const byContext = new Map<number, TrieQuestion[]>();
  const contexts = new Map<number, readonly number[]>();
  trie.paths.forEach(({ predictors, tokens }, i) => {
    const request = requests[i];
    const end = predictors[0];
    if (!request || end === undefined) return;
    const context = getOrAdd(contexts, end, () => pathTo(trie, end));
    const others = getOrAdd(byContext, end, () => []);
    if (others.some(({ ids, from }) => beginsWith(ids.slice(from), tokens))) return;
    const text = textOf(request, encode);
    const question = { ids: [...context, ...tokens], from: context.length, text, predictors };
    // What this one begins with is answered along with it.
    const kept = others.filter(({ ids, from }) => !beginsWith(tokens, ids.slice(from)));
    byContext.set(end, [...kept, question]);
  });
  return [...byContext.values()].flat().sort((a, b) => compare(a.ids, b.ids));
}

/** The token ids from the first to a node's. */
function pathTo(trie: TokenTrie, node: number): number[] {
  const path: number[] = [];
  for (let at = node; at >= 0; at = trie.parent[at] ?? -1) path.push(trie.token[at] ?? 0);
  return path.reverse();
}

function textOf({ context, target }: LikelihoodRequest, encode: Encode): QuestionText {
  const pieces: string[] = [];
  const blank = { text: '', tokens: 0 };
  for (let at: Text | undefined = context; at; at = at.before) {
    if (pieces.length > 0 || at.piece.trim() !== '' || !at.before) pieces.unshift(at.piece);
    else {
      blank.text = at.piece + blank.text;
      blank.tokens += encode(at.piece).length;
    }
  }
  return { context: pieces.join(''), blank, target };
}

const beginsWith = (ids: readonly number[], start: readonly number[]): boolean =>
  start.length <= ids.length && start.every((id, i) => ids[i] === id);

/** By the first token that differs; a beginning before what goes on from it. */
function compare(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

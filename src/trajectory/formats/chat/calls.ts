import type { Turn } from './turn';

/** One call of a model or a tool, as tracing tools record it. */
export interface TracedCall {
  readonly kind: 'model' | 'tool';
  /** What sorts the calls by time; equal ones keep the order of the file. */
  readonly time: number;
  readonly input: readonly Turn[];
  readonly output: readonly Turn[];
}

/**
 * The conversation behind the calls of one trace. Most tools record with every call of the model the whole conversation up
 * to it: then the longest is the conversation. Where each call has only its own message, they are put one after another.
 */
export function conversationOf(calls: readonly TracedCall[], question: readonly Turn[] = []): Turn[] {
  const models = calls.filter((call) => call.kind === 'model' && call.output.length > 0);
  let best: TracedCall | undefined;
  for (const call of models) if (!best || call.input.length >= best.input.length) best = call;
  if (!best) return [];
  const spoken = [...best.input, ...best.output].filter((turn) => turn.role === 'assistant').length;
  if (spoken >= models.length) {
    const asked = best.input.some((turn) => turn.role === 'user') ? [] : question;
    return [...asked, ...best.input, ...best.output];
  }
  const ordered = [...calls].sort((a, b) => a.time - b.time);
  const first = ordered.flatMap((call) => call.input).find((turn) => turn.role === 'user');
  const asked = first ? [first] : question;
  return [...asked, ...ordered.flatMap((call) => call.output)];
}

import * as v from 'valibot';
import { ExchangeError, ServerError } from './errors';
import { plainText } from './headers';
import { exchange, type Peer } from './http';

/** What a server says of itself. */
export interface Identity {
  /** `owned_by` of its model list: vllm, sglang, llamacpp, `me` (llama-cpp-python), or what others put there. */
  readonly owner: string;
  readonly model: string;
  /** Positions that prompt and completion may have together, where it says so. */
  readonly window?: number;
  /** Requests it works on at a time, where it says so. */
  readonly slots?: number;
}

const Size = v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))));
const Models = v.object({
  data: v.array(
    v.object({
      id: v.pipe(v.string(), v.minLength(1)),
      owned_by: v.optional(v.string()),
      max_model_len: Size,
      meta: v.optional(v.nullable(v.object({ n_ctx: Size }))),
    }),
  ),
});
const Props = v.object({
  total_slots: Size,
  default_generation_settings: v.optional(v.object({ n_ctx: Size })),
});

const MAX_NAME = 200;

/**
 * Asks a server which models it has.
 * @param wanted the model to take where it has several
 * @throws {ServerError} where it has none, several and none is wanted, or not that one
 */
export async function identify(
  peer: Peer,
  wanted: string | undefined,
  signal?: AbortSignal,
): Promise<Identity> {
  const list = await exchange(peer, '/v1/models', undefined, signal).catch((error: unknown) => {
    if (error instanceof ExchangeError && error.status === 404 && wanted !== undefined) return { data: [] };
    throw error;
  });
  const read = v.safeParse(Models, list);
  if (!read.success)
    throw new ServerError(`${peer.root} does not list its models as an OpenAI-compatible server does`);
  const { data } = read.output;
  const found = wanted === undefined ? data[0] : data.find(({ id }) => id === wanted);
  if (!found && (wanted === undefined || data.length > 0)) throw noModel(peer, wanted, data);
  if (wanted === undefined && data.length > 1) throw noModel(peer, wanted, data);
  const props = found?.owned_by === 'llamacpp' ? await propsOf(peer, signal) : undefined;
  const window =
    props?.default_generation_settings?.n_ctx ?? found?.max_model_len ?? found?.meta?.n_ctx ?? undefined;
  const slots = props?.total_slots ?? undefined;
  return {
    owner: plainText(found?.owned_by ?? '', 40),
    model: found?.id ?? wanted ?? '',
    ...(window === undefined ? {} : { window }),
    ...(slots === undefined ? {} : { slots }),
  };
}

/** llama.cpp: how many slots there are, and how much of the window each has. */
async function propsOf(peer: Peer, signal?: AbortSignal): Promise<v.InferOutput<typeof Props> | undefined> {
  const props = await exchange(peer, '/props', undefined, signal).catch(() => undefined);
  signal?.throwIfAborted();
  const read = v.safeParse(Props, props);
  return read.success ? read.output : undefined;
}

function noModel(
  { root }: Peer,
  wanted: string | undefined,
  models: readonly { readonly id: string }[],
): ServerError {
  const names = models.slice(0, 8).map(({ id }) => plainText(id, MAX_NAME));
  if (names.length === 0) return new ServerError(`${root} serves no model`);
  const more = models.length > names.length ? ', …' : '';
  const which =
    wanted === undefined
      ? 'serves several models; name one'
      : `has no model "${plainText(wanted, MAX_NAME)}"`;
  return new ServerError(
    `${root} ${which} (--server-model, steplens.model.server.model): ${names.join(', ')}${more}`,
  );
}

import { ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import { ContextTooLongError, UnanswerableError } from '../likelihood-model';
import { ModelFolderError } from '../model-folder-error';
import { ExchangeError, ServerError } from '../server/errors';
import { ModelCrashedError } from './model-crashed-error';

/** The data of an error response, from which the other side makes a typed error again. */
export type WireError =
  | { readonly kind: 'model-folder' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'crashed' }
  | { readonly kind: 'server'; readonly wantsKey: boolean }
  | { readonly kind: 'unanswerable' }
  | {
      readonly kind: 'context-too-long';
      readonly request: number;
      readonly tokens: number;
      readonly window: number;
    };

/** An error as the answer to a request. Of a class that is not known to both sides only the message arrives. */
export const toResponseError = (error: unknown): ResponseError<WireError> =>
  new ResponseError(
    ErrorCodes.InternalError,
    error instanceof Error ? error.message : String(error),
    wireError(error),
  );

function wireError(error: unknown): WireError | undefined {
  if (error instanceof ModelFolderError) return { kind: 'model-folder' };
  if (error instanceof ModelCrashedError) return { kind: 'crashed' };
  if (error instanceof UnanswerableError) return { kind: 'unanswerable' };
  if (error instanceof ServerError) {
    return { kind: 'server', wantsKey: error instanceof ExchangeError && error.kind === 'key' };
  }
  if (error instanceof ContextTooLongError) {
    return { kind: 'context-too-long', request: error.request, tokens: error.tokens, window: error.window };
  }
  return error instanceof DOMException && error.name === 'AbortError' ? { kind: 'cancelled' } : undefined;
}

/** The error that the other side met, as the class it was there; what is no answer of it as it is. */
export function fromResponseError(error: unknown): unknown {
  if (!(error instanceof ResponseError)) return error;
  const data = error.data as WireError | undefined;
  switch (data?.kind) {
    case 'model-folder':
      return new ModelFolderError(error.message);
    case 'crashed':
      return new ModelCrashedError(error.message);
    case 'server':
      return data.wantsKey ? new ExchangeError(error.message, 'key') : new ServerError(error.message);
    case 'unanswerable':
      return new UnanswerableError(error.message);
    case 'cancelled':
      return new DOMException('cancelled', 'AbortError');
    case 'context-too-long':
      return new ContextTooLongError(data.request, data.tokens, data.window);
    default:
      return new Error(error.message);
  }
}

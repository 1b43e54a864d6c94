/** The door of the server engine. */

export { serverRoot } from './address';
export { ExchangeError, ServerError } from './errors';
export { type OpenedServer, openServer, type ServerOptions } from './open';

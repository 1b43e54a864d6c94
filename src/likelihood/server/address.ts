import { ServerError } from './errors';

/**
 * The root of a server's paths, without a slash at its end. `http://host:8000`, `http://host:8000/v1/` and
 * `host:8000` all mean the same server; a path before `/v1` stays, for servers behind a gateway.
 * @throws {ServerError} where it is no address of an HTTP server, or holds a password
 */
export function serverRoot(address: string): string {
  const text = address.trim();
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(withScheme) || text === '')
    throw new ServerError(`"${address}" is no address of a server`);
  const url = new URL(withScheme);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ServerError(`"${address}": a server's address begins with http:// or https://`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new ServerError(`an address must not hold a name or a password; the key is given apart from it`);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '')}`;
}

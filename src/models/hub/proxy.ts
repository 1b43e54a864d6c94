import { EnvHttpProxyAgent, fetch as proxiedFetch } from 'undici';
import type { Fetch } from './http';

/**
 * Fetch through the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name: Node's own does not look at them. An editor
 * has its own settings for that, and a fetch that follows them.
 */
export function environmentFetch(): Fetch {
  const dispatcher = new EnvHttpProxyAgent();
  return ((input: URL, init: object) => proxiedFetch(input, { ...init, dispatcher })) as unknown as Fetch;
}

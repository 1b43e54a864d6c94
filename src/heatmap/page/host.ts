import type { PageMessage } from '../protocol';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The other side: the panel in the editor, and the little storage that a webview has. */
export interface Host {
  post(message: PageMessage): void;
  /** What `store` kept before the page was last closed; undefined at first. */
  stored(): unknown;
  store(state: unknown): void;
}

/** May be called once in the life of a page. */
export function connect(): Host {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    stored: () => api.getState(),
    store: (state) => api.setState(state),
  };
}

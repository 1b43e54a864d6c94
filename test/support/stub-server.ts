import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { STUBS, type StubName, type StubRequest } from './stub-dialects';

/** What a stub does instead of answering well. Undefined: it answers well. */
export type Fault =
  | { readonly kind: 'reset' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'drip' }
  | {
      readonly kind: 'raw';
      readonly text: string;
      readonly status?: number;
      readonly headers?: Record<string, string>;
    }
  | { readonly kind: 'change'; readonly to: (answer: unknown) => unknown }
  | undefined;

export interface StubOptions {
  readonly dialect: StubName;
  /** Start tokens of the model. */
  readonly start?: readonly number[];
  /** Asked for every request; `count` is how many there were before it. */
  readonly fault?: (request: StubRequest, count: number) => Fault;
  /** What a scoring request that does not fail takes: it is answered when this resolves. */
  readonly work?: (request: StubRequest) => Promise<void>;
  readonly key?: string;
}

export interface StubServer {
  readonly url: string;
  readonly requests: StubRequest[];
  /** The most scoring requests that were under way together. */
  readonly busiest: number;
  close(): Promise<void>;
}

/** Starts a server on the loopback interface that speaks a dialect. */
export async function startStub(options: StubOptions, port = 0): Promise<StubServer> {
  const requests: StubRequest[] = [];
  let [active, busiest] = [0, 0];
  const server = createServer((incoming, response) => {
    active++;
    busiest = Math.max(busiest, active);
    response.once('close', () => active--);
    void handle(incoming, response, options, requests).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${actual}`,
    requests,
    get busiest() {
      return busiest;
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function handle(
  incoming: IncomingMessage,
  response: ServerResponse,
  { dialect, start = [], fault, work, key }: StubOptions,
  requests: StubRequest[],
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const request: StubRequest = { path: incoming.url ?? '', body: text === '' ? {} : JSON.parse(text) };
  const wrong = fault?.(request, requests.length);
  requests.push(request);
  if (wrong?.kind === 'silent') return;
  if (wrong?.kind === 'reset') {
    incoming.socket.resetAndDestroy();
    return;
  }
  const send = (status: number, body: string, headers: Record<string, string> = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body);
  };
  if (wrong?.kind === 'raw') return send(wrong.status ?? 200, wrong.text, wrong.headers);
  if (wrong?.kind === 'drip') {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 20);
    response.once('close', () => clearInterval(timer));
    return;
  }
  if (key !== undefined && incoming.headers.authorization !== `Bearer ${key}`) {
    return send(401, JSON.stringify({ error: { message: 'Invalid API key' } }));
  }
  const scores = !(request.path.includes('token') || request.path === '/v1/models');
  if (scores) await work?.(request);
  const answer = STUBS[dialect](request, start);
  if (answer === undefined) return send(404, JSON.stringify({ detail: 'Not Found' }));
  send(200, JSON.stringify(wrong?.kind === 'change' ? wrong.to(answer) : answer));
}

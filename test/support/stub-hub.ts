import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the stub does wrong with the next answers about a file, one a request, in order. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  /** The connection ends after so many bytes of the body, once the other side has told `seen` that it has them. */
  | { readonly kind: 'break'; readonly after: number }
  /** As if it knew no ranges. */
  | { readonly kind: 'whole' }
  /** Other bytes than it promised. */
  | { readonly kind: 'garbled' }
  /** Another part than was asked for. */
  | { readonly kind: 'shifted' }
  /** More and more bytes, all of them wrong. */
  | { readonly kind: 'endless' };

export interface StubFile {
  readonly content: Buffer;
  /** Whether the hub keeps it in its store of large files, behind a redirect to another host. */
  readonly large?: boolean;
}

export interface StubRequest {
  readonly host: 'hub' | 'store';
  readonly path: string;
  readonly range: string | undefined;
  readonly token: string | undefined;
}

/**
 * A server that speaks the hub's protocol: model information, the tree in pages, files by `resolve`, large ones by a
 * redirect to a second host, ranges; and one that can do all of it wrong.
 */
export class StubHub {
  readonly requests: StubRequest[] = [];
  readonly faults = new Map<string, Fault[]>();
  files: Readonly<Record<string, StubFile>> = {};
  revision = 'a'.repeat(40);
  gated: false | 'manual' = false;
  /** The token without which nothing is answered. */
  wanted: string | undefined;
  licence: string | undefined = 'apache-2.0';
  private held: { readonly response: ServerResponse; readonly end: number } | undefined;
  private readonly hub = createServer((request, response) => this.answer('hub', request, response));
  private readonly store = createServer((request, response) => this.answer('store', request, response));

  static async start(): Promise<StubHub> {
    const stub = new StubHub();
    await Promise.all(
      [stub.hub, stub.store].map((s) => new Promise<void>((done) => s.listen(0, '127.0.0.1', done))),
    );
    return stub;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.hub.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const server of [this.hub, this.store]) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  }

  /** Ends the connection that is to break, where so many bytes of the file have arrived. */
  seen(bytes: number): void {
    if (!this.held || bytes < this.held.end) return;
    const { response } = this.held;
    this.held = undefined;
    response.destroy();
  }

  private answer(host: StubRequest['host'], request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', this.endpoint);
    const path = decodeURIComponent(url.pathname);
    const token = request.headers.authorization?.replace('Bearer ', '');
    this.requests.push({ host, path, range: request.headers.range, token });
    if (host === 'hub' && this.wanted !== undefined && token !== this.wanted) {
      response
        .writeHead(401, { 'Content-Type': 'application/json' })
        .end('{"error":"Invalid username or password."}');
    } else if (path.startsWith('/api/models/owner/name/revision/')) this.info(response);
    else if (path.startsWith('/api/models/owner/name/tree/')) this.tree(url, response);
    else if (path.startsWith('/owner/name/resolve/'))
      this.file(path.split('/').slice(5).join('/'), host, request, response);
    else
      response.writeHead(404, { 'Content-Type': 'application/json' }).end('{"error":"Repository not found"}');
  }

  private info(response: ServerResponse): void {
    const [fault] = this.faults.get('info')?.splice(0, 1) ?? [];
    if (fault?.kind === 'status') {
      response
        .writeHead(fault.status, fault.retryAfter === undefined ? {} : { 'Retry-After': fault.retryAfter })
        .end('slow down');
      return;
    }
    json(response, {
      _id: '1',
      id: 'owner/name',
      sha: this.revision,
      private: false,
      gated: this.gated,
      downloads: 1,
      likes: 1,
      lastModified: '2026-01-01T00:00:00.000Z',
      tags: [],
      cardData: this.licence === undefined ? {} : { license: this.licence },
    });
  }

  /** Two entries a page, as the hub has a thousand. */
  private tree(url: URL, response: ServerResponse): void {
    const from = Number(url.searchParams.get('cursor') ?? 0);
    const entries = Object.entries(this.files).map(([path, { content, large }]) => ({
      type: 'file',
      path,
      size: content.length,
      oid: gitHash(content),
      ...(large ? { lfs: { oid: sha256(content), size: content.length, pointerSize: 130 } } : {}),
    }));
    if (from + 2 < entries.length) {
      url.searchParams.set('cursor', String(from + 2));
      response.setHeader('Link', `<${url.href}>; rel="next"`);
    }
    json(response, entries.slice(from, from + 2));
  }

  private file(
    path: string,
    host: StubRequest['host'],
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const file = this.files[path];
    if (!file) {
      response.writeHead(404, { 'X-Error-Code': 'EntryNotFound' }).end();
      return;
    }
    if (file.large && host === 'hub') {
      const { port } = this.store.address() as AddressInfo;
      response.writeHead(302, { Location: `http://127.0.0.1:${port}${request.url}?signature=1` }).end();
      return;
    }
    const [fault] = this.faults.get(path)?.splice(0, 1) ?? [];
    if (fault?.kind === 'status') {
      response
        .writeHead(fault.status, fault.retryAfter === undefined ? {} : { 'Retry-After': fault.retryAfter })
        .end();
      return;
    }
    const [, asked] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
    const start = asked === undefined || fault?.kind === 'whole' ? 0 : Number(asked);
    if (start >= file.content.length && file.content.length > 0) {
      response.writeHead(416).end();
      return;
    }
    const body =
      fault?.kind === 'garbled' || fault?.kind === 'endless'
        ? Buffer.alloc(file.content.length, 7).subarray(start)
        : file.content.subarray(start);
    const partial = asked !== undefined && fault?.kind !== 'whole';
    const first = fault?.kind === 'shifted' ? start + 1 : start;
    response.writeHead(partial ? 206 : 200, {
      ...(fault?.kind === 'endless' ? {} : { 'Content-Length': body.length }),
      ...(partial
        ? { 'Content-Range': `bytes ${first}-${file.content.length - 1}/${file.content.length}` }
        : {}),
    });
    if (fault?.kind === 'break') {
      response.write(body.subarray(0, fault.after));
      this.held = { response, end: start + fault.after };
      if (fault.after === 0) this.seen(start);
    } else if (fault?.kind === 'endless') pour(response, body);
    else response.end(body);
  }
}

/** Writes until the other side has had enough. */
function pour(response: ServerResponse, body: Buffer): void {
  if (response.destroyed) return;
  response.write(body, () => setImmediate(() => pour(response, body)));
}

function json(response: ServerResponse, value: unknown): void {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(value));
}

export const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
const gitHash = (content: Buffer): string =>
  createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');

/**
 * The stub cluster, in a process of its own: prints its addresses as JSON, then serves until its input ends.
 *
 * Each endpoint works on SLOTS requests at a time, as a server with batching does, and lets the others wait. Of what is
 * asked of it a fifth fails: with 500, 503, 429, or a reset. The last endpoint is slow; the one before it dies in the
 * middle of the work, and does not come back.
 */
import type { Fault, StubServer } from '../../support/stub-server';
import { startStub } from '../../support/stub-server';

export const CLUSTER = {
  endpoints: 8,
  slots: 8,
  serviceMs: 1_000,
  slowMs: 4_000,
  errors: 0.2,
  diesAfter: 1_000,
} as const;

const FAULTS: readonly Fault[] = [
  { kind: 'raw', status: 500, text: '{"error":{"message":"internal"}}' },
  { kind: 'raw', status: 503, text: '<html>Service Unavailable</html>' },
  { kind: 'raw', status: 429, text: '{"error":{"message":"too many requests"}}' },
  { kind: 'reset' },
];

/** Lets `slots` pieces of work through at a time. */
function turnstile(slots: number) {
  const waiting: (() => void)[] = [];
  let free = slots;
  return {
    async enter(): Promise<void> {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
    },
    leave(): void {
      const next = waiting.shift();
      if (next) next();
      else free++;
    },
  };
}

/** A generator of its own for every endpoint, so that a run is the same each time as far as the order of requests is. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

async function start(index: number): Promise<StubServer> {
  const { endpoints, slots, serviceMs, slowMs, errors, diesAfter } = CLUSTER;
  const [slow, dies] = [index === endpoints - 1, index === endpoints - 2];
  const { enter, leave } = turnstile(slots);
  const random = dice(index + 1);
  let scored = 0;
  const server: StubServer = await startStub({
    dialect: 'vllm',
    fault({ path }) {
      if (path !== '/v1/completions' || scored < 3) return undefined; // the probe
      return random() < errors ? FAULTS[Math.floor(random() * FAULTS.length)] : undefined;
    },
    async work() {
      if (++scored > diesAfter && dies) {
        void server.close();
        return;
      }
      await enter();
      await new Promise((resolve) => setTimeout(resolve, slow ? slowMs : serviceMs));
      leave();
    },
  });
  return server;
}

async function main(): Promise<void> {
  const servers = await Promise.all(Array.from({ length: CLUSTER.endpoints }, (_, index) => start(index)));
  process.stdout.write(`${JSON.stringify(servers.map(({ url }) => url))}\n`);
  process.stdin.resume().once('end', () => process.exit());
  process.on('disconnect', () => process.exit());
}

if (require.main === module) void main();

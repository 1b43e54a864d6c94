/** Waiting that doubles with every failure, from the first to the longest. */
export interface BackOff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** What a pool has to know of a member. */
export interface Member {
  /** How many pieces of work it takes at a time. */
  readonly capacity: number;
}

/** How a piece of work ended, for the member that did it. */
export interface Outcome {
  /** 0 where it is none of the member's fault; from `TOLERATED` in a row on the member rests. */
  readonly weight: number;
  readonly restMs?: number;
}

/** Weight of failures in a row after which a member rests. */
const TOLERATED = 10;

interface Seat<M> {
  readonly member: M;
  active: number;
  /** Weight of the failures since it last did well, and how often it has rested for them. */
  failures: number;
  rests: number;
  restsUntil: number;
}

interface Waiter<M> {
  readonly home: number;
  readonly take: (seat: Seat<M>) => void;
}

/**
 * Hands out places at servers: no more at a time than each takes; to the server that work of the same kind has gone to
 * before (its cache holds the beginning), where that is free and well, else to the next that is. One that fails again and
 * again rests, longer each time, and is then tried with a single piece of work.
 */
export class Pool<M extends Member> {
  private readonly seats: readonly Seat<M>[];
  private readonly waiters: Waiter<M>[] = [];
  private turn = 0;
  private timer: NodeJS.Timeout | undefined;

  /** @param random from 0 to 1, for the jitter of rests */
  constructor(
    members: readonly M[],
    private readonly backOff: BackOff,
    private readonly random: () => number = Math.random,
  ) {
    this.seats = members.map((member) => ({ member, active: 0, failures: 0, rests: 0, restsUntil: 0 }));
  }

  /** A home for work that belongs together; members take turns. */
  nextHome(): number {
    return this.turn++ % this.seats.length;
  }

  /**
   * Runs one piece of work at some member.
   * @param judge what an error says of the member that it came from
   */
  async run<T>(
    home: number,
    work: (member: M) => Promise<T>,
    judge: (error: unknown) => Outcome,
    signal?: AbortSignal,
  ): Promise<T> {
    const seat = await this.take(home, signal);
    try {
      const value = await work(seat.member);
      seat.failures = 0;
      seat.rests = 0;
      return value;
    } catch (error) {
      const { weight, restMs = 0 } = judge(error);
      if (weight > 0) this.failed(seat, weight);
      if (restMs > 0) seat.restsUntil = Math.max(seat.restsUntil, Date.now() + restMs);
      throw error;
    } finally {
      seat.active--;
      this.hand();
    }
  }

  private take(home: number, signal: AbortSignal | undefined): Promise<Seat<M>> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const abort = () => {
        const at = this.waiters.indexOf(waiter);
        if (at >= 0) this.waiters.splice(at, 1);
        reject(signal?.reason);
      };
      const waiter: Waiter<M> = {
        home,
        take: (seat) => {
          signal?.removeEventListener('abort', abort);
          resolve(seat);
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.waiters.push(waiter);
      this.hand();
    });
  }

  /** Gives free places to those who wait, the first first, and each its home if that is free. */
  private hand(): void {
    const now = Date.now();
    for (let at = 0; at < this.waiters.length; ) {
      const waiter = this.waiters[at];
      const seat = waiter && this.freeFor(waiter.home, now);
      if (!seat) break; // whoever comes after finds no place either
      this.waiters.splice(at, 1);
      seat.active++;
      waiter.take(seat);
    }
    clearTimeout(this.timer);
    if (this.waiters.length === 0) return;
    const resting = this.seats.map(({ restsUntil }) => restsUntil).filter((until) => until > now);
    if (resting.length > 0) this.timer = setTimeout(() => this.hand(), Math.min(...resting) - now + 1);
  }

  private freeFor(home: number, now: number): Seat<M> | undefined {
    const count = this.seats.length;
    for (let i = 0; i < count; i++) {
      const seat = this.seats[(home + i) % count];
      if (seat && seat.restsUntil <= now && seat.active < this.places(seat)) return seat;
    }
    return undefined;
  }

  /** A member that has rested for its failures is first tried with one piece of work. */
  private places({ member, failures }: Seat<M>): number {
    return failures >= TOLERATED ? 1 : member.capacity;
  }

  private failed(seat: Seat<M>, weight: number): void {
    seat.failures += weight;
    if (seat.failures < TOLERATED) return;
    seat.rests++;
    const { firstMs, longestMs } = this.backOff;
    const rest = Math.min(longestMs, firstMs * 2 ** (seat.rests - 1));
    seat.restsUntil = Math.max(seat.restsUntil, Date.now() + rest * (0.5 + this.random() / 2));
  }
}

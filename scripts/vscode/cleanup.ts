/** What has to be undone at the end of a run, however it ends. Undone last first; one failure does not stop the rest. */
export class Cleanup {
  private readonly tasks: (() => unknown)[] = [];
  private over = false;
  private signalled = false;

  constructor(private readonly parent?: Cleanup) {}

  /** True once a signal has ended the run: errors that follow from the clean-up are not worth telling. */
  get interrupted(): boolean {
    return this.signalled || this.parent?.interrupted === true;
  }

  /** A part of the run with an end of its own; at the latest it is cleaned up with the whole. */
  async child(): Promise<Cleanup> {
    const child = new Cleanup(this);
    await this.add(() => child.run());
    return child;
  }

  /** Runs everything because of a signal. */
  async interrupt(): Promise<void> {
    this.signalled = true;
    await this.run();
  }

  /** Registers a task. Once the clean-up has begun it is run at once, so that a late start leaves nothing behind. */
  async add(task: () => unknown): Promise<void> {
    if (this.over) {
      await attempt(task);
    } else {
      this.tasks.push(task);
    }
  }

  async run(): Promise<void> {
    this.over = true;
    for (let task = this.tasks.pop(); task; task = this.tasks.pop()) {
      await attempt(task);
    }
  }
}

async function attempt(task: () => unknown): Promise<void> {
  try {
    await task();
  } catch (error) {
    console.error('Clean-up:', error);
  }
}

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Runs the body, then every clean-up it registered: after success, after an error, and on Ctrl-C or a termination signal. */
export async function withCleanup<T>(body: (cleanup: Cleanup) => Promise<T>): Promise<T> {
  const cleanup = new Cleanup();
  // Handlers stay in place while cleaning up: a terminal's Ctrl-C often arrives twice, once through a parent process.
  const handlers = Object.entries(SIGNALS).map(([signal, code]) => {
    const handler = () => {
      if (!cleanup.interrupted) {
        void cleanup.interrupt().then(() => process.exit(code));
      }
    };
    process.on(signal, handler);
    return () => process.off(signal, handler);
  });
  try {
    return await body(cleanup);
  } finally {
    if (cleanup.interrupted) {
      await new Promise(() => undefined); // the handler ends the process
    }
    await cleanup.run();
    for (const forget of handlers) {
      forget();
    }
  }
}

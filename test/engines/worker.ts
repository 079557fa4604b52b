import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";

/** What one rank answered: the function's value, or the exception that it ended with. */
export type Answer<Value> =
  | { readonly value: Value; readonly log: string }
  | { readonly error: { readonly type: string; readonly text: string; readonly trace: string }; readonly log: string };

export interface Call {
  /** `module.function` of a probe. */
  readonly call: string;
  readonly args: unknown;
  /** Ranks; each is a process. */
  readonly processes?: number;
  /** After so many seconds the call is ended. */
  readonly seconds?: number;
}

interface Waiting {
  readonly resolve: (ranks: readonly Answer<never>[]) => void;
  readonly timer: NodeJS.Timeout;
}

const GRACE_SECONDS = 30;

/** A Python process with its probes imported, which forks for every call. It answers one call at a time. */
export class Worker {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly ready: Promise<void>;
  #last = 0;
  #ended = false;

  constructor(python: string, probes: string, modules: readonly string[], env: Readonly<Record<string, string>>) {
    const log = path.join(env["TMPDIR"] ?? "", "workers.log");
    mkdirSync(path.dirname(log), { recursive: true });
    this.#child = spawn(python, [path.join(probes, "worker.py"), ...modules], {
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    let told = "";
    this.#child.stderr?.on("data", (piece: Buffer) => {
      told = (told + piece.toString()).slice(-3000);
      appendFileSync(log, piece);
    });
    this.ready = new Promise((resolve, reject) => {
      this.#child.on("error", reject);
      this.#child.on("exit", () => {
        this.#ended = true;
        reject(new Error(`the worker for ${modules.join(", ")} ended:\n${told}`));
        for (const [id] of this.#waiting) this.#answer(id, [died("the worker ended", told)]);
      });
      createInterface({ input: this.#child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
        const said = JSON.parse(line) as { ready?: true; id: number; ranks: readonly Answer<never>[] };
        if (said.ready === true) resolve();
        else this.#answer(said.id, said.ranks);
      });
    });
    // Whoever waits for `ready` hears of it; nobody else has to.
    this.ready.catch(() => {});
  }

  /** The answers of all ranks. */
  async call<Value>({ call, args, processes = 1, seconds = 120 }: Call): Promise<readonly Answer<Value>[]> {
    await this.ready;
    if (this.#ended) return [died("the worker ended", "")];
    const id = ++this.#last;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.stop();
        this.#answer(id, [died(`no answer in ${seconds + GRACE_SECONDS} s`, "")]);
      }, (seconds + GRACE_SECONDS) * 1000);
      this.#waiting.set(id, { resolve: resolve as Waiting["resolve"], timer });
      this.#child.stdin?.write(`${JSON.stringify({ id, call, args, processes, seconds })}\n`);
    });
  }

  /** Ends the worker and whatever it forked. */
  stop(): void {
    this.#ended = true;
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }

  #answer(id: number, ranks: readonly Answer<never>[]): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    waiting.resolve(ranks);
  }
}

const died = (text: string, trace: string): Answer<never> => ({ error: { type: "Died", text, trace }, log: "" });

/** Several workers of one environment, each call to whichever is free. */
export class Pool {
  readonly #workers: readonly Worker[];
  readonly #free: Worker[];
  readonly #queue: ((worker: Worker) => void)[] = [];

  constructor(workers: readonly Worker[]) {
    this.#workers = workers;
    this.#free = [...workers];
  }

  /** The answers of all ranks. */
  async ranks<Value>(call: Call): Promise<readonly Answer<Value>[]> {
    const worker = this.#free.pop() ?? (await new Promise<Worker>((resolve) => this.#queue.push(resolve)));
    try {
      return await worker.call<Value>(call);
    } finally {
      const next = this.#queue.shift();
      if (next === undefined) this.#free.push(worker);
      else next(worker);
    }
  }

  /** The answer of rank 0, or the first rank that failed. */
  async first<Value>(call: Call): Promise<Answer<Value>> {
    const ranks = await this.ranks<Value>(call);
    return ranks.find((rank) => "error" in rank && rank.error.type !== "Timeout") ?? ranks.find((rank) => "error" in rank) ?? (ranks[0] as Answer<Value>);
  }

  /** The value of rank 0. Throws what the probe raised. */
  async value<Value>(call: Call): Promise<Value> {
    const answer = await this.first<Value>(call);
    if ("value" in answer) return answer.value;
    throw new ProbeError(`${answer.error.type}: ${answer.error.text}`, `${answer.error.trace}\n${answer.log.slice(-1500)}`);
  }

  stop(): void {
    for (const worker of this.#workers) worker.stop();
  }
}

/** A probe raised; `details` are its traceback and what it printed last. */
export class ProbeError extends Error {
  readonly details: string;
  constructor(message: string, details: string) {
    super(message);
    this.details = details;
  }
}

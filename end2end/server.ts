// A real `gantry serve` for one test: its own data folder, free ports that it keeps over a
// restart, and the command line beside it, as a person would use both.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { SmallDisk } from "./disk";

const READY_MS_MAX = 30_000;
const STOP_MS_MAX = 10_000;
// Only how long is waited: what is promised is far less, and others may have the machine.
const FOLLOW_MS_MAX = 10_000;
const LOG_LINES_MAX = 400;

/** `demo` is a server with an event, displays and a race that goes round and round. */
export type ServerCommand = "serve" | "demo";

/** What a command of the `gantry` program printed: at least an id for what it created. */
export type Printed = { id: string } & Record<string, unknown>;

/** What `gantry display create` printed. */
export type Display = { id: string; code: string; url: string };

export type DisplayOptions = {
  /** May be left out where the event has one stream. */
  stream?: string;
  /** How long the URL lives, as `--ttl` takes it. */
  ttl?: string;
  /** A built-in one. */
  template?: string;
  /** How it takes its turns, as the command has it: `["--dwell", "60s"]`. */
  turns?: string[];
};

/** Who can log in to a demo. */
export type Login = { email: string; password: string };

/** The first line of a server. A demo names its pages and its log-in too. */
type Ready = {
  http: string;
  timing: string;
  start?: string;
  displays?: string[];
  login?: Login;
};

export class Gantry {
  /** `127.0.0.1:port` of the web server and of the shared timing listener. */
  http = "127.0.0.1:0";
  timing = "127.0.0.1:0";
  /** Addresses that a demo named: its start page and its displays. */
  start = "";
  displays: string[] = [];
  login: Login = { email: "", password: "" };
  /** The server's last log lines, over all restarts. */
  readonly log: string[] = [];
  /** What broke in the server. */
  readonly panics: string[] = [];
  #process: ChildProcess | undefined;

  private constructor(
    readonly dataDir: string,
    readonly command: ServerCommand,
    readonly settings: Record<string, string>,
    /** Of the data folder, where it has one of its own. */
    readonly disk?: SmallDisk,
  ) {}

  /**
   * Starts a server on an empty data folder; `settings` are `GANTRY_…` variables. With
   * `diskBytes`, the folder is a disk of that size.
   */
  static async start(
    command: ServerCommand = "serve",
    settings: Record<string, string> = {},
    diskBytes = 0,
  ): Promise<Gantry> {
    const dataDir = await mkdtemp(join(tmpdir(), "gantry-e2e-"));
    const disk = diskBytes > 0 ? await SmallDisk.over(dataDir, diskBytes) : undefined;
    const gantry = new Gantry(dataDir, command, settings, disk);
    await gantry.serve();
    return gantry;
  }

  /** The address of a page. */
  url(path: string): string {
    return `http://${this.http}${path}`;
  }

  /** Starts the stopped server again, on the same ports and data. */
  async serve(): Promise<void> {
    if (this.#process) throw new Error("the server is running already");
    const [program, ...words] = this.#words([this.command, "--json"]);
    const child = spawn(program, words, {
      env: this.#env(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    createInterface({ input: child.stderr }).on("line", (line) => {
      this.log.push(line);
      if (line.includes("panicked at")) this.panics.push(line);
      if (LOG_LINES_MAX < this.log.length) this.log.shift();
    });
    const ready = new Promise<Ready>((resolve, reject) => {
      createInterface({ input: child.stdout }).on("line", (line) => {
        const said = JSON.parse(line);
        if (said.ready) resolve(said);
      });
      child.once("error", reject);
      child.once("exit", (code, signal) => {
        reject(new Error(`gantry ${this.command} ended (${code ?? signal})\n${this.log.join("\n")}`));
      });
    });
    const said = await within(READY_MS_MAX, ready, `gantry ${this.command} said it is ready`);
    this.http = said.http;
    this.timing = said.timing;
    this.start = said.start ?? "";
    this.displays = said.displays ?? [];
    this.login = said.login ?? this.login;
  }

  /** A power cut: SIGKILL, nothing is flushed. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** An orderly end, as by Ctrl-C or a service manager. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  /** Freezes the process, as a laptop that sleeps; `resume` wakes it. */
  pause(): void {
    this.#process?.kill("SIGSTOP");
  }

  resume(): void {
    this.#process?.kill("SIGCONT");
  }

  /** Ends whatever still runs and removes the data. */
  async dispose(): Promise<void> {
    await this.kill();
    await this.disk?.remove();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** Runs one command with `--json` on the same data; fails with what it wrote to stderr. */
  async cli(args: string[], stdin = ""): Promise<Printed> {
    const [program, ...words] = this.#words([...args, "--json"]);
    const child = spawn(program, words, { env: this.#env() });
    let [out, err] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (err += text));
    // A command that reads nothing may be gone already.
    child.stdin.on("error", () => {}).end(stdin);
    const [code] = await once(child, "close");
    if (code !== 0) throw new Error(`gantry ${args.join(" ")} (exit code ${code})\n${err}`);
    return JSON.parse(out);
  }

  /** A partner with one event today, in UTC, and its ids. */
  async createEvent(name = "Harbor Run"): Promise<{ partner: string; event: string }> {
    const partner = await this.cli(["partner", "create", "--name", `${name} Timing`]);
    const today = new Date().toISOString().slice(0, 10);
    const event = await this.cli([
      ...["event", "create", "--partner", partner.id, "--name", name],
      ...["--date", today, "--timezone", "UTC"],
    ]);
    return { partner: partner.id, event: event.id };
  }

  /** A CTP01 stream of the event. Returns its id. */
  async createStream(event: string, name = "mats", port?: number): Promise<string> {
    const args = ["stream", "create", "--event", event, "--name", name, "--protocol", "ctp01"];
    if (port !== undefined) args.push("--port", String(port));
    return (await this.cli(args)).id;
  }

  /** Imports a roster given as CSV text with a header line. */
  async importRoster(event: string, csv: string): Promise<Printed> {
    const file = join(this.dataDir, "roster.csv");
    await writeFile(file, csv);
    return this.cli(["roster", "import", "--event", event, file]);
  }

  /** A show with its display, bound to the named points. */
  async createDisplay(
    event: string,
    points: string[],
    { stream, ttl, template = "arrivals", turns = [] }: DisplayOptions = {},
  ): Promise<Display> {
    const args = ["display", "create", "--event", event, "--mode", "pre-race", ...turns];
    args.push("--template", template, ...points.flatMap((point) => ["--point", point]));
    if (stream !== undefined) args.push("--stream", stream);
    if (ttl !== undefined) args.push("--ttl", ttl);
    const display = (await this.cli(args)) as Display;
    const path = `/d/${display.code}`;
    await until(`${path} is served`, async () => (await fetch(this.url(path))).status !== 404);
    return display;
  }

  /**
   * Waits until so many reads of the event are stored. Screens show a read sooner, and a power cut
   * between the two takes it away.
   */
  async stores(event: string, reads: number): Promise<void> {
    await until(`${reads} reads are stored`, async () => {
      const { streams } = await this.cli(["stream", "list", "--event", event]);
      const counts = (streams as { reads: number }[]).map((stream) => stream.reads);
      return counts.reduce((sum, count) => sum + count, 0) === reads;
    });
  }

  /** The made-up field that the simulator races with, hard names and all, as a roster. */
  async madeUpRoster(runners: number): Promise<string> {
    const file = join(this.dataDir, "made-up.csv");
    const args = ["sim", "--dry-run", "--runners", String(runners), "--roster-out", file];
    await this.cli(args);
    return readFile(file, "utf8");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill(signal);
    // A paused process gets its signal once it runs again.
    child.kill("SIGCONT");
    await within(STOP_MS_MAX, exit, `gantry ${this.command} ended after ${signal}`);
  }

  /** A command of the program, where it sees the data folder's disk. */
  #words(args: string[]): string[] {
    return [...(this.disk?.enter ?? []), program(), ...args];
  }

  #env(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      GANTRY_HTTP_ADDR: this.http,
      GANTRY_TIMING_ADDR: this.timing,
      GANTRY_DATA_DIR: this.dataDir,
      ...this.settings,
    };
  }
}

function program(): string {
  const path = process.env.GANTRY_BIN;
  if (!path) throw new Error("start the browser tests with `cargo xtask e2e`");
  return path;
}

/** Asks until the server has come to it; `what` says it in the error when it does not. */
async function until(what: string, done: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + FOLLOW_MS_MAX;
  while (!(await done())) {
    if (end < Date.now()) throw new Error(`not within ${FOLLOW_MS_MAX} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits for something that must happen; `what` says it in the error when it does not. */
export async function within<T>(ms: number, happening: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${ms} ms: ${what}`)), ms);
  });
  try {
    return await Promise.race([happening, late]);
  } finally {
    clearTimeout(timer);
  }
}

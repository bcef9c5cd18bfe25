// A timing controller for one test: the dialling end of CTP01, small and obedient. It remembers
// what it read, so that it can resume and rewind as the real box does.

import { once } from "node:events";
import { createConnection, type Socket } from "node:net";

import { within } from "./server";

const ANSWER_MS_MAX = 10_000;

export type ControllerOptions = {
  /** Names this box again after a reconnect. */
  connectionId?: string;
  event?: string;
  locations: string[];
  /** Whether it is the test that waits until the server asks for reads: see `started`. */
  startsLater?: boolean;
};

type Kept = { sequence: number; location: string; line: string };

export class Controller {
  /** Every line the server sent, over all connections. */
  readonly heard: string[] = [];
  readonly #kept: Kept[] = [];
  readonly #started = new Set<string>();
  #socket: Socket | undefined;
  #partial = "";
  #waiting: (() => void)[] = [];

  private constructor(readonly options: Required<ControllerOptions>) {}

  /** Connects, greets and, unless it starts later, waits until the server asks for reads. */
  static async connect(timing: string, options: ControllerOptions): Promise<Controller> {
    const connectionId = Math.random().toString(16).slice(2).padEnd(13, "0");
    const controller = new Controller({
      connectionId,
      event: "EVENT1",
      startsLater: false,
      ...options,
    });
    await controller.reconnect(timing);
    return controller;
  }

  /** Dials again as the same box. What was read meanwhile is sent when the server resumes. */
  async reconnect(timing: string): Promise<void> {
    const [host, port] = timing.split(":");
    const socket = createConnection({ host, port: Number(port) });
    await once(socket, "connect");
    this.#socket = socket;
    this.#started.clear();
    this.#partial = "";
    socket.setEncoding("latin1").setNoDelay(true);
    socket.on("data", (text) => this.#receive(text.toString()));
    // The server going away is part of many tests; what is lost shows in their own checks.
    socket.on("error", () => {});
    this.#send("SimpleClient~0.6.0~CTP01");
    if (!this.options.startsLater) await this.started();
  }

  /** Waits until the server asks for reads. */
  async started(): Promise<void> {
    if (this.#started.size > 0) return;
    const asked = new Promise<void>((resolve) => this.#waiting.push(resolve));
    await within(ANSWER_MS_MAX, asked, "the server asked the controller for reads");
  }

  /** One chip over one mat, now unless told otherwise. Returns the read's sequence. */
  read(location: string, chip: string, at: Date = new Date(), reader = "0F2A38"): number {
    const sequence = this.#kept.length + 1;
    // The wall clock of an event in UTC, in hundredths.
    const time = at.toISOString().slice(0, 22);
    const line = `CT01_33~${sequence}~${location}~${chip}~${time}~0~${reader}~1`;
    this.#kept.push({ sequence, location, line });
    if (this.#started.has(location)) this.#send(line);
    return sequence;
  }

  /** Sends the whole session again, as the operator's Rewind does. */
  rewind(): void {
    for (const kept of this.#kept) this.#send(kept.line);
  }

  /** Sends bytes as they are: broken lines, half lines, many lines at once. */
  raw(text: string): void {
    this.#socket?.write(text, "latin1");
  }

  /** Pulls the cable out. */
  async disconnect(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#started.clear();
    if (!socket || socket.closed) return;
    const closed = once(socket, "close");
    socket.destroy();
    await closed;
  }

  #receive(text: string): void {
    const lines = (this.#partial + text).split("\n");
    this.#partial = lines.pop() ?? "";
    for (const line of lines) this.#answer(line.replace(/\r$/, ""));
  }

  #answer(line: string): void {
    this.heard.push(line);
    const { connectionId, event, locations } = this.options;
    const [command, location, sequence] = line.split("~");
    switch (command) {
      case "getconnectionid":
        return this.#send(`ack~getconnectionid~${connectionId}`);
      case "geteventinfo":
        return this.#send(`ack~geteventinfo~${event}~1~${event}`);
      case "getlocations":
        return this.#send(["ack", "getlocations", ...locations].join("~"));
      case "ping":
        return this.#send("ack~ping");
      case "start":
        return this.#start(location, sequence === undefined ? undefined : Number(sequence));
      case "stop":
        return this.#stop(location);
    }
  }

  /** With a sequence, resumes there, inclusive; without one, sends what is read from now on. */
  #start(location: string | undefined, from: number | undefined): void {
    for (const name of location ? [location] : this.options.locations) this.#started.add(name);
    if (from !== undefined) {
      for (const kept of this.#kept) {
        if (kept.location === location && from <= kept.sequence) this.#send(kept.line);
      }
    }
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #stop(location: string | undefined): void {
    for (const name of location ? [location] : this.options.locations) this.#started.delete(name);
  }

  #send(line: string): void {
    this.raw(`${line}\r\n`);
  }
}

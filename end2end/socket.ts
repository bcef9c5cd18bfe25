// A display's socket in the hands of a test: the page is a real server's, and what comes over its
// socket is the test's, as fast as the page takes it.

import type { Page } from "@playwright/test";

import { type Display, expect, type Gantry } from "./gantry";

type State = { arrivals: Record<string, unknown>[] } & Record<string, unknown>;
type PageState = { seq: number; document: string; software: string; state: State };

export class FakeSocket {
  #seq = 0;

  private constructor(
    readonly page: Page,
    readonly served: PageState,
  ) {
    this.#seq = served.seq;
  }

  /** Opens a display whose socket is the test's, and waits until it has said hello. */
  static async open(page: Page, url: string): Promise<FakeSocket> {
    await page.addInitScript(() => {
      const open = window as unknown as { socket: unknown; told: string[] };
      open.told = [];
      function Socket() {
        const socket = {
          onopen: null as null | ((event: object) => void),
          send: (text: string) => open.told.push(text),
          close: () => {},
        };
        open.socket = socket;
        setTimeout(() => socket.onopen?.({}), 0);
        return socket;
      }
      window.WebSocket = Socket as unknown as typeof WebSocket;
    });
    await page.goto(url);
    const json = await page.locator("#gantry-state").textContent();
    const socket = new FakeSocket(page, JSON.parse(json ?? ""));
    await socket.says("hello");
    return socket;
  }

  /** What the screen says, once it says it: its last message of that type. */
  async says(type: string): Promise<Record<string, any>> {
    const find = () =>
      this.page.evaluate((type) => {
        const { told } = window as unknown as { told: string[] };
        return told.filter((text) => text.includes(`"type":"${type}"`)).pop() ?? "";
      }, type);
    await expect.poll(find).not.toBe("");
    return JSON.parse(await find());
  }

  /** Sends messages to the screen, one right after the other. */
  async hears(...messages: object[]): Promise<void> {
    await this.page.evaluate((messages) => {
      const { socket } = window as unknown as { socket: { onmessage(event: object): void } };
      for (const data of messages) socket.onmessage({ data });
    }, messages.map((message) => JSON.stringify(message)));
  }

  ping(software = this.served.software): object {
    return { type: "ping", sent_at_us: Date.now() * 1_000, software };
  }

  /** The next frame, with these runners. */
  frame(...bibs: string[]): object {
    this.#seq += 1;
    const now = Date.now() * 1_000;
    const more = { received_at_us: now, sent_at_us: now, scene: bibs[0] ? "runner" : "resting" };
    return { type: "frame", seq: this.#seq, ...more, state: this.state(bibs) };
  }

  /** The same template as a new one. */
  snapshot(...bibs: string[]): object {
    this.#seq += 1;
    const { document } = this.served;
    const more = { epoch: 1, template: "arrivals", document };
    return { type: "snapshot", seq: this.#seq, ...more, state: this.state(bibs) };
  }

  state(bibs: string[]): State {
    const arrivals = bibs.map((bib) => ({
      bib,
      name: `Runner ${bib}`,
      city: "Fernhill",
      point: "FINISH",
      read_time: `2026-03-06T20:27:${bib.slice(-2).padStart(2, "0")}.39`,
    }));
    return { ...this.served.state, arrivals };
  }
}

/** An event with one display, of nobody's reads. */
export async function display(gantry: Gantry): Promise<Display> {
  const { event } = await gantry.createEvent();
  await gantry.createStream(event);
  return gantry.createDisplay(event, ["FINISH"]);
}

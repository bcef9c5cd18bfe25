// What the staff tell a screen. Nobody can give a command to a real server yet, so the test speaks
// for it on the display's own socket; all that the screen sends and fetches is real.

import type { Page, WebSocketRoute } from "@playwright/test";

import { canvas } from "../board";
import { type Display, expect, type Gantry, test } from "../gantry";

type Answer = { type: string; id?: number; done?: boolean };

/** Between the screens and the server: passes everything on, and can speak for the server. */
class Staff {
  readonly acks: Answer[] = [];
  /** The socket of a screen that said hello. */
  #socket: WebSocketRoute | undefined;
  #id = 0;

  static async at(page: Page): Promise<Staff> {
    const staff = new Staff();
    await page.routeWebSocket(/\/live$/, (socket) => {
      const server = socket.connectToServer();
      staff.#socket = undefined;
      socket.onMessage((text) => {
        const message: Answer = JSON.parse(String(text));
        // The server takes an ack of a command that it did not give as any other.
        if (message.type === "ack") staff.acks.push(message);
        if (message.type === "hello") staff.#socket = socket;
        server.send(text);
      });
    });
    return staff;
  }

  /** Gives a command, and waits for what the screen says of it. */
  async tell(action: string, more: Record<string, unknown> = {}): Promise<boolean> {
    this.#id += 1;
    const id = this.#id;
    await expect.poll(() => this.#socket !== undefined).toBe(true);
    const told = this.#socket;
    told?.send(JSON.stringify({ type: "command", id, action, ...more }));
    await expect.poll(() => this.acks.some((ack) => ack.id === id)).toBe(true);
    const done = this.acks.find((ack) => ack.id === id)?.done === true;
    // Its page goes, and the next one says hello for itself, or has done so by now.
    const leaves = action === "reload" || action === "redirect";
    if (done && leaves && this.#socket === told) this.#socket = undefined;
    return done;
  }
}

async function displays(gantry: Gantry): Promise<[Display, Display]> {
  const { event } = await gantry.createEvent();
  await gantry.createStream(event);
  const finish = await gantry.createDisplay(event, ["FINISH"]);
  const half = await gantry.createDisplay(event, ["HALF"]);
  return [finish, half];
}

// Chromium reports the answer to a look at a page that is not there, and lost sockets.
test.use({ allowedConsole: /status of 404|WebSocket connection to .* failed|ERR_CONNECTION/ });

for (const level of ["full", "lite"]) {
  test.describe(`a screen of level ${level}`, () => {
    test.beforeEach(async ({ page }) => {
      if (level === "lite") {
        await page.addInitScript("delete window.WebAssembly");
      }
    });

    test("says which one it is, goes black and shows a message", async ({ gantry, page }) => {
      const [finish] = await displays(gantry);
      const staff = await Staff.at(page);
      await page.goto(finish.url);
      const cover = page.locator(".cover.on");
      await expect(canvas(page)).toBeVisible();
      await expect(cover).toBeHidden();

      expect(await staff.tell("message", { text: "Start at 9:15 <b>" })).toBe(true);
      await expect(cover).toHaveText("Start at 9:15 <b>");
      expect(await staff.tell("blank", { on: true })).toBe(true);
      await expect(cover).toHaveText("");
      await expect(cover).toHaveCSS("background-color", "rgb(0, 0, 0)");
      const box = await cover.boundingBox();
      expect(box).toEqual({ x: 0, y: 0, ...page.viewportSize() });
      expect(await staff.tell("identify")).toBe(true);
      await expect(cover).toContainText(`/d/${finish.code}`);
      await expect(cover).toContainText("1920 × 1080");
      // It goes back by itself to what it was told before.
      await expect(cover).toHaveText("", { timeout: 15_000 });
      expect(await staff.tell("blank", { on: false })).toBe(true);
      await expect(cover).toHaveText("Start at 9:15 <b>");
      expect(await staff.tell("message", { text: "" })).toBe(true);
      await expect(cover).toBeHidden();
    });

    test("goes to another display, and never to one that is not there", async ({
      gantry,
      page,
    }) => {
      const [finish, half] = await displays(gantry);
      const staff = await Staff.at(page);
      await page.goto(finish.url);
      expect(await staff.tell("redirect", { code: "abcdefgh" })).toBe(false);
      expect(page.url()).toContain(finish.code);

      const loaded = page.waitForEvent("load");
      expect(await staff.tell("reload")).toBe(true);
      await loaded;
      expect(page.url()).toContain(finish.code);

      expect(await staff.tell("redirect", { code: half.code })).toBe(true);
      await page.waitForURL(half.url);
      await expect(canvas(page)).toContainText("HALF");
    });

    test("finds out that its display ended while the server was away", async ({ gantry, page }) => {
      const { event } = await gantry.createEvent();
      await gantry.createStream(event);
      const display = await gantry.createDisplay(event, ["FINISH"], { ttl: "20s" });
      const opened = Date.now();
      await page.goto(display.url);
      await expect(canvas(page)).toContainText("FINISH");
      // The script has all that it needs of the server, and nothing more is on its way.
      await expect(canvas(page)).toHaveAttribute("style", /matrix/);
      await page.waitForLoadState("networkidle");
      await gantry.kill();
      await expect.poll(() => Date.now() - opened, { timeout: 30_000 }).toBeGreaterThan(20_500);
      await gantry.serve();
      await expect(page.getByText("This display has ended")).toBeVisible({ timeout: 60_000 });
    });
  });
}

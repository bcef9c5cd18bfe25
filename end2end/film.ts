// A display filmed picture by picture: whether it was ever empty, black, white or half made.

import { type CDPSession, expect, type Page } from "@playwright/test";

import { pixelsOf } from "./pixels";

type Seen = {
  painted: number;
  /** Canvases at once. */
  most: number;
  /** Pictures without a canvas that is whole. */
  empty: number;
};

// For as many pictures as it takes to tell, of a machine that paints a few in a second.
const ENOUGH_MS_MAX = 30_000;

// Of a picture 480 wide: text with its smooth edges alone has more.
const COLORS_MIN = 9;

export class Film {
  readonly #pictures: string[] = [];

  private constructor(
    readonly page: Page,
    readonly devtools: CDPSession,
  ) {
    // As painted, by the browser itself.
    devtools.on("Page.screencastFrame", ({ data, sessionId }) => {
      this.#pictures.push(data);
      void devtools.send("Page.screencastFrameAck", { sessionId });
    });
  }

  static async start(page: Page): Promise<Film> {
    await page.evaluate(() => {
      const seen = { painted: 0, most: 0, empty: 0 };
      (window as unknown as { film: typeof seen }).film = seen;
      const look = () => {
        const canvases = Array.from(document.querySelectorAll(".canvas"));
        const shown = canvases.filter((one) => one.checkVisibility({ visibilityProperty: true }));
        // One that has not come in yet lies over one that is whole.
        const whole = shown.filter((one) => getComputedStyle(one).opacity === "1" && one.textContent);
        seen.painted += 1;
        seen.most = Math.max(seen.most, canvases.length);
        if (whole.length === 0) seen.empty += 1;
        requestAnimationFrame(look);
      };
      look();
    });
    const film = new Film(page, await page.context().newCDPSession(page));
    const size = { maxWidth: 480, maxHeight: 270 };
    await film.devtools.send("Page.startScreencast", { format: "png", ...size });
    return film;
  }

  /** Ends it, and fails where a picture was empty, of one color, or of too many scenes. */
  async isNeverEmpty(): Promise<void> {
    const look = () => this.page.evaluate(() => (window as unknown as { film: Seen }).film);
    const [painted, taken] = [async () => (await look()).painted, () => this.#pictures.length];
    await expect.poll(painted, { timeout: ENOUGH_MS_MAX }).toBeGreaterThan(60);
    await expect.poll(taken, { timeout: ENOUGH_MS_MAX }).toBeGreaterThan(10);
    await this.devtools.send("Page.stopScreencast");
    const seen = await look();
    expect(seen.empty).toBe(0);
    expect(seen.most).toBeLessThanOrEqual(3);
    const colors: number[] = [];
    for (const picture of this.#pictures) {
      const pixels = await pixelsOf(this.page, picture);
      colors.push(await pixels.evaluate((data) => new Set(new Uint32Array(data.buffer)).size));
      await pixels.dispose();
    }
    console.log(`${colors.length} pictures, ${Math.min(...colors)} colors or more in each`);
    expect(Math.min(...colors)).toBeGreaterThanOrEqual(COLORS_MIN);
  }
}

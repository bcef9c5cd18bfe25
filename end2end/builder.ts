// The template builder in the hands of a test: a template that is open, and gestures on its canvas
// in pixels of the canvas itself.

import type { JSHandle, Locator, Page } from "@playwright/test";

import { expect, type Gantry } from "./gantry";
import { logIn, wakes } from "./studio";

export const ROSTER =
  "bib,first_name,last_name,city\n1,Ada,Pendlebury,Lower Heath\n" +
  "2,Maximiliane Evangeline,Featherstonehaugh-Cholmondeley,Saint Swithin under the Hill\n" +
  "3,Þórdís,Łąkowska-Ångström,Żółć\n";

export type Point = { x: number; y: number };

/** How many canvases there are since one came or went, and how the one on top came. */
export type Turn = { canvases: number; name: string; takes: string };

export class Builder {
  private constructor(
    readonly page: Page,
    readonly event: string,
    readonly template: string,
    readonly name: string,
  ) {}

  /** Logged in, with a template begun from a built-in one or with an empty canvas. */
  static async open(gantry: Gantry, page: Page, from?: string): Promise<Builder> {
    const { partner, event } = await gantry.createEvent();
    await gantry.createStream(event);
    await gantry.importRoster(event, ROSTER);
    await logIn(gantry, page, partner);
    return Builder.create(page, event, "Finish arch", from);
  }

  /** One more template of the event. */
  static async create(page: Page, event: string, name: string, from?: string): Promise<Builder> {
    await page.goto(`/events/${event}/templates`);
    await wakes(page);
    if (from) {
      const card = page.getByRole("listitem").filter({ hasText: from });
      await card.getByRole("button", { name: "Use as a start" }).click();
    } else {
      await page.getByRole("button", { name: "New template" }).click();
    }
    const dialog = page.getByRole("dialog", { name: "New template" });
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByRole("button", { name: "Create and open" }).click();
    await page.waitForURL(/\/templates\/[0-9a-f-]{36}$/);
    const template = page.url().split("/").pop() ?? "";
    const builder = new Builder(page, event, template, name);
    await builder.awake();
    return builder;
  }

  /** Waits until the canvas is drawn. */
  async awake(): Promise<void> {
    await expect(this.page).toHaveTitle(`${this.name} – Gantry`);
    await expect(this.canvas).toBeVisible();
  }

  /** Where the template itself is drawn. */
  get canvas() {
    return this.page.frameLocator("iframe[title=Canvas]").locator(".canvas");
  }

  /** What takes the pointer and the keys. */
  get over() {
    return this.page.getByRole("application");
  }

  /** By keys alone, to what cannot be more than a page of them away. */
  async tabTo(target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
    for (let tries = 0; tries < 150; tries += 1) {
      if (await target.evaluate((it) => it === document.activeElement)) return;
      await this.page.keyboard.press(key);
    }
    await expect(target).toBeFocused();
  }

  /** Each turn from now on of what is played: one by one they are too short to be waited for. */
  async turns(): Promise<JSHandle<Turn[]>> {
    return this.canvas.evaluateHandle((it) => {
      const turns: Turn[] = [];
      const stage = it.parentElement!;
      const look = () => {
        const canvases = Array.from(stage.querySelectorAll(":scope > .canvas"));
        const top = canvases[canvases.length - 1];
        const takes = top ? getComputedStyle(top).animationDuration : "";
        turns.push({ canvases: canvases.length, name: top?.className ?? "", takes });
      };
      new MutationObserver(look).observe(stage, { childList: true });
      return turns;
    });
  }

  element(id: string) {
    return this.canvas.locator(`.e-${id}`);
  }

  /** A place of the canvas, in the window. */
  async at(x: number, y: number): Promise<Point> {
    const over = await this.over.boundingBox();
    const matrix = await this.canvas.evaluate((it) => {
      const { a, e, f } = new DOMMatrix(getComputedStyle(it).transform);
      return { a, e, f };
    });
    if (!over) throw new Error("there is no canvas");
    return { x: over.x + matrix.e + x * matrix.a, y: over.y + matrix.f + y * matrix.a };
  }

  /** How close one looks, pixels of the window to one of the canvas, and where its corner is. */
  async view(): Promise<{ scale: number; corner: Point }> {
    const [corner, along] = [await this.at(0, 0), await this.at(1_000, 0)];
    return { scale: (along.x - corner.x) / 1_000, corner };
  }

  /** The middle of what can be seen of the canvas, in the window. */
  async middle(): Promise<Point> {
    const over = await this.over.boundingBox();
    if (!over) throw new Error("there is no canvas");
    return { x: over.x + over.width / 2, y: over.y + over.height / 2 };
  }

  async click(x: number, y: number): Promise<void> {
    const at = await this.at(x, y);
    await this.page.mouse.click(at.x, at.y);
  }

  /** With real events of the pointer, in steps as a hand does it. */
  async drag(from: [number, number], to: [number, number]): Promise<void> {
    const [begin, end] = [await this.at(...from), await this.at(...to)];
    await this.page.mouse.move(begin.x, begin.y);
    await this.page.mouse.down();
    await this.page.mouse.move((begin.x + end.x) / 2, (begin.y + end.y) / 2, { steps: 4 });
    await this.page.mouse.move(end.x, end.y, { steps: 4 });
    await this.page.mouse.up();
  }

  async tool(name: string): Promise<void> {
    await this.page.getByRole("toolbar").getByRole("button", { name, exact: true }).click();
  }

  /** What a field of the inspector says. */
  field(name: string) {
    return this.page.getByRole("complementary").getByLabel(name, { exact: true });
  }

  /** Where the selection is. */
  async place(): Promise<number[]> {
    const names = ["Left edge", "Top edge", "Width", "Height"];
    const values = await Promise.all(names.map((name) => this.field(name).inputValue()));
    return values.map(Number);
  }

  /** By hand: a pixel of the window is two and more of the canvas. */
  async isNear(...place: number[]): Promise<void> {
    const away = async () => {
      const found = await this.place();
      return Math.max(...place.map((px, index) => Math.abs(px - (found[index] ?? NaN))));
    };
    await expect.poll(away).toBeLessThanOrEqual(3);
  }

  async isAt(...place: number[]): Promise<void> {
    await expect.poll(() => this.place()).toEqual(place);
  }

  /** To the only display, whose point it is; what is found in it is accepted. */
  async publish(point: string): Promise<void> {
    await this.page.getByRole("button", { name: "Publish" }).first().click();
    const dialog = this.page.getByRole("dialog", { name: "Publish" });
    await dialog.getByLabel(point).check();
    await dialog.getByRole("button", { name: "Publish" }).click();
    // There is no logo.
    await dialog.getByRole("button", { name: "Publish anyway" }).click();
    await expect(this.page.getByText("Version 1 is on 1 display.")).toBeVisible();
  }

  get layers() {
    return this.page.getByRole("list", { name: "Layers" }).getByRole("listitem");
  }

  async isSaved(): Promise<void> {
    await expect(this.page.getByRole("status").filter({ hasText: /^Saved$/ })).toBeVisible();
  }
}

// A display as its viewers see it: what its rows say, which frames it was sent, and whether it
// ever stood empty. Knows the markup of `crates/render`; the specs do not.

import { expect, type Locator, type Page, type WebSocket } from "@playwright/test";

const SHOWN_MS_MAX = 10_000;

/** One crossing on the board. */
export type Row = {
  bib: string;
  name: string;
  /** The point, where the display shows several, and the city. */
  point: string;
  city: string;
  /** Gun time, else chip time, else a dash. */
  time: string;
  /** What is said below the time. */
  chip: string;
  late: boolean;
  /** Marked as new. */
  fresh: boolean;
};

/** An open display. */
export class Board {
  /** Every text message of every socket since the page was opened. */
  readonly messages: string[] = [];
  /** How many of them were frames. */
  frames = 0;
  #hellos = 0;
  #waiting: (() => void)[] = [];

  private constructor(readonly page: Page) {
    page.on("websocket", (socket) => this.#watch(socket));
  }

  /** Opens a display and waits until its script runs and has asked the server for frames. */
  static async open(page: Page, url: string): Promise<Board> {
    const board = new Board(page);
    const live = board.saysHello();
    await page.goto(url);
    await live;
    return board;
  }

  /** Waits for the next socket to be open and to have said hello. */
  async saysHello(): Promise<void> {
    const hellos = this.#hellos;
    await this.#until(() => hellos < this.#hellos);
  }

  /** Waits until so many frames came in all. */
  async hasFrames(count: number): Promise<void> {
    await this.#until(() => count <= this.frames);
  }

  /** What stands on the screen now. */
  get canvas(): Locator {
    return canvas(this.page);
  }

  get event(): Locator {
    return this.canvas.locator("> .e-event");
  }

  /** The first line of each name. */
  get names(): Locator {
    return this.canvas.locator(":is(.e-first-name, .e-row-name):visible > .l:first-child");
  }

  /** The mark for staff that the server is away. */
  get notice(): Locator {
    return this.page.locator(".notice");
  }

  get rows(): Promise<Row[]> {
    return rows(this.page);
  }

  /** The board shows these rows and no others, newest first: as many as it has room for. */
  async shows(expected: Partial<Row>[]): Promise<void> {
    await expect(async () => {
      // A screen that still rests has room for none, and must not be taken for one that shows all.
      const [shown, room] = [await this.rows, Math.max(1, await roomIn(this.page))];
      const wanted = expected.slice(0, room);
      expect(shown.map((row, index) => picked(row, wanted[index]))).toEqual(wanted);
    }).toPass({ timeout: SHOWN_MS_MAX });
  }

  /** From now on looks at every painted frame whether the text is on the board. */
  async watchFor(text: string): Promise<void> {
    await this.page.evaluate((text) => {
      const watch = { painted: 0, without: [] as string[] };
      (window as unknown as { watch: typeof watch }).watch = watch;
      const look = () => {
        const canvases = Array.from(document.querySelectorAll<HTMLElement>(".canvas"));
        const seen = canvases.map((canvas) => canvas.checkVisibility() && canvas.innerText).join("");
        watch.painted += 1;
        if (!seen.includes(text)) watch.without.push(seen);
        requestAnimationFrame(look);
      };
      look();
    }, text);
  }

  /** What was painted without that text. Fails where nothing was painted or the page is anew. */
  async paintedWithout(): Promise<string[]> {
    const watch = await this.page.evaluate(
      () => (window as unknown as { watch?: { painted: number; without: string[] } }).watch,
    );
    expect(watch?.painted ?? 0, "the page was loaded anew, or nothing was painted").toBeGreaterThan(1);
    return watch?.without ?? [];
  }

  #watch(socket: WebSocket): void {
    socket.on("framesent", ({ payload }) => {
      if (payload.toString().includes('"type":"hello"')) this.#hellos += 1;
      this.#happened();
    });
    socket.on("framereceived", ({ payload }) => {
      const message = payload.toString();
      this.messages.push(message);
      if (message.startsWith('{"type":"frame"')) this.frames += 1;
      this.#happened();
    });
  }

  #happened(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async #until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise<void>((wake) => this.#waiting.push(wake));
  }
}

/** The canvas that is seen, also on a page without a script; the one on top where one leaves. */
export function canvas(page: Page): Locator {
  return page.locator(".canvas:not(.coming):visible").last();
}

/** The rows of any page with a board, also one without a script. */
export async function rows(page: Page): Promise<Row[]> {
  return canvas(page).evaluate((canvas) => {
    const shown = (box: Element) => !box.classList.contains("off");
    const lists = [".e-first", ".e-rest"].flatMap((part) =>
      Array.from(canvas.querySelectorAll(part)),
    );
    const all = lists.flatMap((list) => Array.from(list.children)).filter(shown);
    return all.map((row) => {
      // Elements of the first row and of the others have their names in common but for the begin.
      const lines = (part: string) => {
        const named = Array.from(row.children).filter((box) =>
          [`e-first-${part}`, `e-row-${part}`].some((name) => box.classList.contains(name)),
        );
        return named
          .filter(shown)
          .flatMap((box) => Array.from(box.children).map((line) => line.textContent ?? ""));
      };
      const marked = (part: string) =>
        Array.from(row.children).some(
          (box) => [`e-first-${part}`, `e-row-${part}`].some((name) => box.classList.contains(name)) && shown(box),
        );
      // A name is broken after a hyphen without a blank.
      const said = (part: string) =>
        lines(part)
          .join(" ")
          .replace(/(?<=\S)- /g, "-");
      const [point, city] = [
        ...lines("point").flatMap((line) => line.split("  ·  ")),
        ...lines("place"),
        ...lines("point-alone"),
      ];
      const gun = said("gun");
      const chip = said("chip").replace("Chip ", "").replace("–", "");
      return {
        bib: said("bib"),
        name: said("name") || said("name-hidden"),
        point: point ?? "",
        city: city ?? said("city"),
        time: gun === "–" && chip !== "" ? chip : gun,
        chip,
        late: marked("late"),
        fresh: marked("fresh"),
      };
    });
  });
}

/** How many rows the canvas has, filled or not. */
function roomIn(page: Page): Promise<number> {
  return canvas(page).locator(".e-first > .b, .e-rest > .b").count();
}

/** A whole second so many seconds ago. */
export function secondsAgo(seconds: number): Date {
  return new Date(Math.floor(Date.now() / 1_000 - seconds) * 1_000);
}

/** What an element is drawn from: elements, classes, styles and texts. It runs in the page. */
export function drawn(root: Element): unknown {
  const style = root.getAttribute("style") || null;
  const children = Array.from(root.childNodes).flatMap((node): unknown[] => {
    if (node.nodeType === Node.TEXT_NODE) return node.textContent ? [node.textContent] : [];
    return node instanceof Element ? [drawn(node)] : [];
  });
  return [root.tagName, root.className, style, ...children];
}

function picked(row: Row, like: Partial<Row> | undefined): Partial<Row> {
  if (!like) return row;
  return Object.fromEntries(Object.entries(row).filter(([key]) => key in like));
}

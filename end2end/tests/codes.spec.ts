// The code is the capability: one that opens nothing tells nothing, and a display that is over
// ends calmly.

import { Board, secondsAgo } from "../board";
import { expect, test } from "../gantry";

test("unknown, malformed and expired codes are the same 404 page", async ({ gantry, request }) => {
  const { event } = await gantry.createEvent();
  await gantry.createStream(event);
  const display = await gantry.createDisplay(event, ["FINISH"]);
  const status = async (path: string) => (await request.get(path)).status();
  expect(await status(`/d/${display.code}`)).toBe(200);
  // Typed from a screen, in capitals.
  expect(await status(`/d/${display.code.toUpperCase()}`)).toBe(200);
  // Whether it is still alive by the time somebody asks for it is left open.
  const over = await gantry.cli([
    ...["display", "create", "--event", event, "--mode", "pre-race", "--template", "arrivals"],
    ...["--point", "FINISH", "--ttl", "2s"],
  ]);
  await expect.poll(() => status(`/d/${over.code}`)).toBe(404);

  const answer = async (path: string) => {
    const response = await request.get(path);
    const headers = response.headers();
    delete headers.date;
    return { status: response.status(), headers, body: await response.text() };
  };
  const unknown = await answer("/d/abcdefgh");
  expect(unknown.status).toBe(404);
  expect(unknown.body).toContain("No display here");
  for (const code of [String(over.code), "nope", "abcdefghi", "il01o0l1", "%00%3Cb%3E", "a%2Fb"]) {
    expect(await answer(`/d/${code}`), code).toEqual(unknown);
  }
  const nothing = await answer("/evnets");
  expect(nothing.status).toBe(404);
  expect(nothing.body).toContain("No page here");
});

test.describe("in a browser", () => {
  // Chromium reports the status of the page, and the socket of a display that is over.
  test.use({ allowedConsole: /status of 404|WebSocket connection to .* failed/ });

  test("the 404 page says what may be wrong, and no more", async ({ page }) => {
    await page.goto("/d/abcdefgh");
    await expect(page.getByRole("heading", { name: "No display here" })).toBeVisible();
    await expect(page.getByText("mistyped")).toBeVisible();
  });

  test("a display that expires while it is open shows the calm page", async ({
    gantry,
    controller,
    page,
  }) => {
    const { event } = await gantry.createEvent();
    await gantry.createStream(event);
    await gantry.importRoster(event, "bib,last_name\n1,Pendlebury\n");
    const display = await gantry.createDisplay(event, ["FINISH"], { ttl: "20s" });
    const board = await Board.open(page, display.url);
    const mats = await controller({ locations: ["FINISH"] });
    mats.read("FINISH", "1", secondsAgo(1));
    await board.shows([{ name: "Pendlebury" }]);

    await expect(page.getByText("This display has ended")).toBeVisible({ timeout: 40_000 });
    await expect(page.getByText("Pendlebury")).toBeHidden();
    await expect(board.notice).toBeHidden();
    // Reads go on at the mats, and nothing of them comes to this screen.
    const heard = board.messages.length;
    mats.read("FINISH", "1");
    await expect.poll(() => page.request.get(display.url).then((page) => page.status())).toBe(404);
    expect(board.messages.length).toBe(heard);
    await page.reload();
    await expect(page.getByRole("heading", { name: "No display here" })).toBeVisible();
  });
});

// A server that goes away under an open display: the screen keeps what it shows, says so to
// staff, and comes back by itself.

import { Board, secondsAgo } from "../board";
import { expect, test } from "../gantry";
import { fits } from "../layout";

const ROSTER = "bib,first_name,last_name\n1,Ada,Pendlebury\n2,Bo,Larkfield\n3,Cleo,Quill\n";

// What Chromium itself says of a socket or a page that finds no server, or loses it.
test.use({
  allowedConsole: /WebSocket connection to .* failed|ERR_CONNECTION_(REFUSED|RESET)/,
});

test("a restarted server finds the screen as it left it, and goes on without a reload", async ({
  gantry,
  controller,
  page,
}) => {
  const { event } = await gantry.createEvent();
  await gantry.createStream(event);
  await gantry.importRoster(event, ROSTER);
  const display = await gantry.createDisplay(event, ["FINISH"]);
  const board = await Board.open(page, display.url);
  const mats = await controller({ locations: ["FINISH"] });
  mats.read("FINISH", "1", secondsAgo(2));
  await board.shows([{ bib: "1" }]);
  await board.watchFor("Ada Pendlebury");
  await gantry.stores(event, 1);

  await gantry.kill();
  await mats.disconnect();
  // Nobody has heard of it while the server is away, so it is sent when the box resumes.
  mats.read("FINISH", "2", secondsAgo(1));
  const again = board.saysHello();
  await gantry.serve();
  await mats.reconnect(gantry.timing);
  await again;
  await board.shows([{ name: "Bo Larkfield" }, { name: "Ada Pendlebury" }]);
  mats.read("FINISH", "3");
  await board.shows([{ name: "Cleo Quill" }, { bib: "2" }, { bib: "1" }]);
  expect(await board.paintedWithout()).toEqual([]);
});

test("a server away for hours: the picture stays, staff see how old it is, and it recovers", async ({
  gantry,
  controller,
  page,
}) => {
  // The page's clock is the test's; the server's and the sockets' are not.
  await page.clock.install();
  const { event } = await gantry.createEvent("Große Nordküsten-Staffel am Alten Leuchtturm");
  await gantry.createStream(event);
  await gantry.importRoster(event, ROSTER);
  const display = await gantry.createDisplay(event, ["FINISH"]);
  const board = await Board.open(page, display.url);
  const mats = await controller({ locations: ["FINISH"] });
  mats.read("FINISH", "1", secondsAgo(1));
  await board.shows([{ bib: "1" }]);
  await expect(board.notice).toBeHidden();
  await gantry.stores(event, 1);

  await gantry.kill();
  await mats.disconnect();
  await expect(board.notice).toHaveText(/^Reconnecting, last update \d+ s ago$/, {
    timeout: 15_000,
  });
  await expect(board.notice).toBeVisible();
  await page.clock.fastForward("02:05:00");
  await expect(board.notice).toHaveText("Reconnecting, last update 2 h 05 min ago");
  await fits(page, "reconnecting");
  await board.shows([{ name: "Ada Pendlebury" }]);

  const again = board.saysHello();
  await gantry.serve();
  // The longest wait between two tries, with its spread.
  await page.clock.fastForward("00:20");
  await again;
  await expect(board.notice).toBeHidden();
  await mats.reconnect(gantry.timing);
  mats.read("FINISH", "2");
  await board.shows([{ name: "Bo Larkfield" }, { name: "Ada Pendlebury" }]);
});

test("a server that hangs is noticed, and taken up again when it wakes", async ({
  gantry,
  controller,
  page,
}) => {
  await page.clock.install();
  const { event } = await gantry.createEvent();
  await gantry.createStream(event);
  await gantry.importRoster(event, ROSTER);
  const display = await gantry.createDisplay(event, ["FINISH"]);
  const board = await Board.open(page, display.url);
  const mats = await controller({ locations: ["FINISH"] });
  mats.read("FINISH", "1", secondsAgo(1));
  await board.shows([{ bib: "1" }]);

  gantry.pause();
  // Its socket stays open and says nothing, past two and a half of its pings.
  await page.clock.fastForward("00:30");
  await page.clock.fastForward("00:06");
  // As long as the page's clock was moved on, and longer where the machine is slow.
  await expect(board.notice).toHaveText(
    /^Reconnecting, last update (3[6-9] s|[45]\d s|\d+ min \d\d s) ago$/,
  );
  await board.shows([{ name: "Ada Pendlebury" }]);

  gantry.resume();
  const again = board.saysHello();
  await page.clock.fastForward("00:20");
  await again;
  await expect(board.notice).toBeHidden();
  mats.read("FINISH", "2");
  await board.shows([{ name: "Bo Larkfield" }, { name: "Ada Pendlebury" }]);
});

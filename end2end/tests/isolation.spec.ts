// Displays never mix: not two points of one stream, not two events of one partner.

import { once } from "node:events";
import { createServer } from "node:net";

import type { BrowserContext } from "@playwright/test";

import { Board, secondsAgo } from "../board";
import { Controller, expect, test } from "../gantry";

test("two displays of two points show each its own", async ({ gantry, controller, context }) => {
  const { event } = await gantry.createEvent();
  await gantry.createStream(event);
  await gantry.importRoster(event, "bib,last_name\n1,Pendlebury\n2,Larkfield\n3,Quill\n");
  const [tenK, finish] = await boards(
    context,
    (await gantry.createDisplay(event, ["10K"])).url,
    (await gantry.createDisplay(event, ["FINISH"])).url,
  );
  const mats = await controller({ locations: ["10K", "FINISH", "START"] });
  mats.read("10K", "1", secondsAgo(9));
  mats.read("START", "3", secondsAgo(8));
  mats.read("FINISH", "2", secondsAgo(7));
  mats.read("10K", "2", secondsAgo(6));

  await tenK.shows([{ name: "Larkfield" }, { name: "Pendlebury" }]);
  await finish.shows([{ name: "Larkfield" }]);
  // A read at the other point sends this screen nothing.
  const frames = finish.frames;
  mats.read("10K", "3", secondsAgo(1));
  await tenK.shows([{ name: "Quill" }, { name: "Larkfield" }, { name: "Pendlebury" }]);
  expect(finish.frames).toBe(frames);
  expect(await everything(finish)).not.toMatch(/Pendlebury|Quill/);
});

test("two events of one partner, with the same bibs and points, show each its own", async ({
  gantry,
  context,
}) => {
  const { partner, event: morning } = await gantry.createEvent("Morning Mile");
  const today = new Date().toISOString().slice(0, 10);
  const evening = await gantry.cli([
    ...["event", "create", "--partner", partner, "--name", "Evening Ten"],
    ...["--date", today, "--timezone", "UTC"],
  ]);
  // With two streams the shared port proves nothing, so each has its own.
  const ports = await freePorts(2);
  await gantry.createStream(morning, "morning", ports[0]);
  await gantry.createStream(evening.id, "evening", ports[1]);
  await gantry.importRoster(morning, "bib,last_name\n1,Pendlebury\n2,Larkfield\n");
  await gantry.importRoster(evening.id, "bib,last_name\n1,Quill\n3,Ironside\n");
  const [first, second] = await boards(
    context,
    (await gantry.createDisplay(morning, ["FINISH"])).url,
    (await gantry.createDisplay(evening.id, ["FINISH"])).url,
  );
  const [atFirst, atSecond] = [await finishMats(ports[0]), await finishMats(ports[1])];
  atFirst.read("FINISH", "1", secondsAgo(5));
  atSecond.read("FINISH", "1", secondsAgo(4));
  // Bibs of the other event are nobody's here.
  atFirst.read("FINISH", "3", secondsAgo(3));
  atSecond.read("FINISH", "2", secondsAgo(3));
  atFirst.read("FINISH", "2", secondsAgo(2));
  atSecond.read("FINISH", "3", secondsAgo(2));

  await first.shows([{ name: "Larkfield" }, { name: "Pendlebury" }]);
  await second.shows([{ name: "Ironside" }, { name: "Quill" }]);
  expect(await everything(first)).not.toMatch(/Quill|Ironside|Evening/);
  expect(await everything(second)).not.toMatch(/Pendlebury|Larkfield|Morning/);
  await atFirst.disconnect();
  await atSecond.disconnect();
});

async function boards(context: BrowserContext, ...urls: string[]): Promise<Board[]> {
  return Promise.all(urls.map(async (url) => Board.open(await context.newPage(), url)));
}

/** All that reached this screen: drawn, sent, and served if it were opened now. */
async function everything(board: Board): Promise<string> {
  const served = await board.page.request.get(board.page.url());
  return [...board.messages, await board.page.content(), await served.text()].join("\n");
}

/** Dials until the port is open, as a real box does. */
async function finishMats(port: number): Promise<Controller> {
  let mats: Controller | undefined;
  await expect(async () => {
    mats = await Controller.connect(`127.0.0.1:${port}`, { locations: ["FINISH"] });
  }).toPass();
  return mats!;
}

/** Ports that nobody holds at the moment. */
async function freePorts(count: number): Promise<number[]> {
  const held = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(held.map((server) => once(server, "listening")));
  const ports = held.map((server) => (server.address() as { port: number }).port);
  await Promise.all(held.map((server) => once(server.close(), "close")));
  return ports;
}

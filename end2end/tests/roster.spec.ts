// A roster corrected on race morning reaches the screens that are open.

import { Board, secondsAgo } from "../board";
import { expect, test } from "../gantry";

test("an import changes a name on an open display, and is no new arrival", async ({
  gantry,
  controller,
  page,
}) => {
  const { event } = await gantry.createEvent();
  await gantry.createStream(event);
  await gantry.importRoster(event, "bib,first_name,last_name,city\n1,Ada,Pendelbury,Fernhill\n");
  const display = await gantry.createDisplay(event, ["FINISH"]);
  const board = await Board.open(page, display.url);
  const mats = await controller({ locations: ["FINISH"] });
  const at = secondsAgo(4);
  mats.read("FINISH", "1", at);
  // Registered this morning: nobody knows the tag yet.
  const entry = secondsAgo(3);
  mats.read("FINISH", "2", entry);
  await board.shows([{ name: "Ada Pendelbury" }]);
  await expect.poll(async () => (await board.rows).filter((row) => row.fresh)).toEqual([]);

  const printed = await gantry.importRoster(
    event,
    "bib,first_name,last_name,city\n1,Ada,Pendlebury,Lower Heath\n",
  );
  expect(printed).toMatchObject({ imported: 0, updated: 1, rejected: [] });
  const ada = { name: "Ada Pendlebury", city: "Lower Heath" };
  await board.shows([ada]);
  await expect.poll(async () => (await board.rows).filter((row) => row.fresh)).toEqual([]);

  await gantry.importRoster(event, "bib,first_name,last_name,city\n2,Bo,Larkfield,Fernhill\n");
  await board.shows([{ name: "Bo Larkfield", late: false }, ada]);
});

// What a display shows of the reads that come in: who, where and when, newest first, and nothing
// that is nobody's business.

import { Board, secondsAgo } from "../board";
import { expect, test } from "../gantry";

const ROSTER = `bib,first_name,last_name,city
1,Ada,Pendlebury,Lower Heath
2,Bo,Larkfield,Fernhill
3,Cleo,Quill,Millbrook
4,,Ng,
`;

// Longer than any roster's usual, right to left, without spaces, with marks over and under.
const HARD_NAMES = [
  ["21", "Maximiliane-Charlotte Philippine", "von und zu Hohenschwarzenfels-Unterleitenbacher"],
  ["22", "عبد الرحمن", "الحدّاد-المنصوري"],
  ["23", "אברהם", "שקד"],
  ["24", "大翔", "渡邊"],
  ["25", "श्रुति", "शर्मा"],
  ["26", "Quốc Ưng", "Đặng"],
  ["27", "O", "Q"],
];

test("a read sent over TCP appears with name, bib, city and point, and no time of day", async ({
  gantry,
  controller,
  page,
}) => {
  const { event } = await gantry.createEvent();
  await gantry.createStream(event);
  await gantry.importRoster(event, ROSTER);
  const both = await gantry.createDisplay(event, ["10K", "FINISH"]);
  const board = await Board.open(page, both.url);
  await expect(board.canvas).toContainText("Waiting for the first arrival");
  await expect(board.event).toHaveText("Harbor Run");

  const mats = await controller({ locations: ["10K", "FINISH"] });
  const [first, second] = [secondsAgo(4), secondsAgo(1)];
  mats.read("10K", "2", first);
  mats.read("FINISH", "1", second);
  const ada = { bib: "1", name: "Ada Pendlebury", city: "Lower Heath", point: "FINISH" };
  const bo = { bib: "2", name: "Bo Larkfield", city: "Fernhill", point: "10K" };
  await board.shows([
    { ...ada, time: "–", chip: "", late: false },
    { ...bo, time: "–", chip: "", late: false },
  ]);
  // The event has no race: no time is known, and none is made up of the clock's.
  for (const at of [first, second]) {
    await expect(page.getByText(at.toISOString().slice(11, 19))).toHaveCount(0);
  }
  await expect(board.canvas).not.toContainText("Waiting for the first arrival");
});

test("the newest is on top, whatever order reads come in, and a late one is marked", async ({
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

  mats.read("FINISH", "1", secondsAgo(3));
  await board.shows([{ bib: "1" }]);
  // Out of order by seconds: its place is by its own time.
  mats.read("FINISH", "3", secondsAgo(5));
  await board.shows([{ bib: "1" }, { bib: "3" }]);
  // From a box that was out of reach for two minutes.
  const late = secondsAgo(120);
  mats.read("FINISH", "2", late);
  await board.shows([
    { bib: "1", late: false },
    { bib: "3", late: false },
    { bib: "2", late: true, time: "–" },
  ]);
  await expect(page.getByText("late", { exact: true })).toHaveCount(1);
  // Someone with one name and no city.
  mats.read("FINISH", "4");
  await board.shows([{ bib: "4", name: "Ng", city: "" }, { bib: "1" }, { bib: "3" }, { bib: "2" }]);
});

test("a tag that nobody has reaches no screen", async ({ gantry, controller, page }) => {
  const { event } = await gantry.createEvent();
  await gantry.createStream(event);
  await gantry.importRoster(event, ROSTER);
  const display = await gantry.createDisplay(event, ["FINISH"]);
  const board = await Board.open(page, display.url);
  const mats = await controller({ locations: ["FINISH"] });

  for (const tag of ["987654", "UNKNOWN", "TEST0001"]) mats.read("FINISH", tag, secondsAgo(2));
  mats.read("FINISH", "1");
  await board.shows([{ bib: "1" }]);
  // Neither drawn, nor sent, nor served.
  const served = await (await page.request.get(display.url)).text();
  for (const text of [await page.content(), served, ...board.messages]) {
    expect(text).not.toMatch(/987654|UNKNOWN|TEST0001/);
  }
});

test("somebody read twice stands on the board once", async ({ gantry, controller, page }) => {
  const { event } = await gantry.createEvent();
  await gantry.createStream(event);
  await gantry.importRoster(event, ROSTER);
  const display = await gantry.createDisplay(event, ["FINISH"]);
  const board = await Board.open(page, display.url);
  const mats = await controller({ locations: ["FINISH"] });
  const at = secondsAgo(3);
  mats.read("FINISH", "1", at);
  mats.read("FINISH", "1", at);
  mats.read("FINISH", "1", secondsAgo(1));
  mats.rewind();
  mats.read("FINISH", "2");
  await board.shows([{ bib: "2" }, { bib: "1" }]);
});

test("other scripts and right-to-left names arrive as they were entered, the longest cut", async ({
  gantry,
  controller,
  page,
}) => {
  const { event } = await gantry.createEvent();
  await gantry.createStream(event);
  const lines = HARD_NAMES.map((fields) => fields.join(","));
  await gantry.importRoster(event, ["bib,first_name,last_name", ...lines].join("\n"));
  const display = await gantry.createDisplay(event, ["FINISH"]);
  const board = await Board.open(page, display.url);
  const mats = await controller({ locations: ["FINISH"] });
  HARD_NAMES.forEach(([bib], index) => mats.read("FINISH", bib, secondsAgo(10 - index)));
  const [longest, ...others] = HARD_NAMES.map(([bib, first, last]) => ({
    bib,
    name: `${first} ${last}`,
  }));
  // The first row has room for two lines.
  const expected = [longest, ...others];
  await board.shows(expected.reverse());
  // An Arabic or Hebrew name runs the other way, and stands where the others do.
  const directions = await board.names.evaluateAll((lines) =>
    lines.map((line) => getComputedStyle(line).direction),
  );
  expect(directions).toEqual(["ltr", "ltr", "ltr", "ltr", "rtl", "rtl", "ltr"]);
});

test("markup in a name is text, on the served page and in a frame", async ({
  gantry,
  controller,
  page,
}) => {
  const hostile = `<img src=x onerror="window.hit=1">`;
  const escaping = `</script><script>window.hit=2</script>`;
  const { event } = await gantry.createEvent(`<b>Run</b> & "Fun"`);
  await gantry.createStream(event);
  const quoted = [hostile, escaping].map((name) => `"${name.replaceAll('"', '""')}"`);
  await gantry.importRoster(event, `bib,last_name,city\n1,${quoted}\n2,${quoted.reverse()}\n`);
  const display = await gantry.createDisplay(event, ["FINISH"]);
  const board = await Board.open(page, display.url);
  const mats = await controller({ locations: ["FINISH"] });
  mats.read("FINISH", "1", secondsAgo(2));
  mats.read("FINISH", "2", secondsAgo(1));

  const expected = [
    { bib: "2", name: escaping, city: hostile },
    // Too long for its row, so cut.
    { bib: "1", name: hostile, city: "</script><script>win…" },
  ];
  const isText = async () => {
    await board.shows(expected);
    await expect(board.event).toHaveText(`<b>Run</b> & "Fun"`);
    await expect(page.locator("#gantry :is(img, script, b:not(.point))")).toHaveCount(0);
    expect(await page.evaluate(() => "hit" in window)).toBe(false);
  };
  await isText();
  const live = board.saysHello();
  await page.reload();
  await live;
  await isText();
});

// Alarms that take their time or come from the computer itself, each brought about and put right.
// Those that come at once are in timing.spec.ts. This file is the first: one of them takes minutes.

import { mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "../gantry";
import { alarms, isAccessible, logIn, meanwhile, wakes } from "../studio";

// The rules say how long: `crates/service/src/limits.rs`.
const PACE_S = 5 * 60;
const SILENT_S = 45;
const DIFFER_S = 30;

test("a point that was reading and falls silent is missed, until it reads again", async ({
  gantry,
  controller,
  page,
}) => {
  test.setTimeout((PACE_S + SILENT_S + 180) * 1_000);
  const { partner, event } = await gantry.createEvent();
  await gantry.createStream(event);
  await logIn(gantry, page, partner);
  const mats = await controller({ locations: ["10K"] });
  let tag = 1;
  // Two a second, over five whole minutes and the two that they begin and end in.
  const until = Date.now() + (PACE_S + 60) * 1_000;
  const reading = expect.poll(() => Date.now(), { timeout: 0, intervals: [1_000] });
  await meanwhile(() => mats.read("10K", String(tag++)), reading.toBeGreaterThan(until));
  const silent = alarms(page).getByText(/^10K has fallen silent, where \d+ a minute came before/);
  await expect(silent).toBeVisible({ timeout: (SILENT_S + 15) * 1_000 });
  mats.read("10K", String(tag++));
  await expect(silent).toBeHidden();
});

test("two readers of a point whose clocks differ are told apart, until they agree", async ({
  gantry,
  controller,
  page,
}) => {
  test.setTimeout((2 * DIFFER_S + 120) * 1_000);
  const { partner, event } = await gantry.createEvent();
  await gantry.createStream(event);
  await logIn(gantry, page, partner);
  const mats = await controller({ locations: ["FINISH"] });
  let tag = 1;
  const read = (behind_ms: number) => () => {
    for (let more = 0; more < 4; more++) {
      mats.read("FINISH", String(tag++), new Date(), "0A0001");
      mats.read("FINISH", String(tag++), new Date(Date.now() - behind_ms), "0B0002");
    }
  };
  const differ = alarms(page).getByText(/^FINISH: reader 0B0002 is 2\.\d s behind reader 0A0001/);
  const seen = expect(differ).toBeVisible({ timeout: (DIFFER_S + 60) * 1_000 });
  await meanwhile(read(2_000), seen);
  await isAccessible(page);
  const over = expect(differ).toBeHidden({ timeout: (DIFFER_S + 60) * 1_000 });
  await meanwhile(read(0), over);
});

test.describe("a stick for backups that is not there", () => {
  const stick = join(tmpdir(), `gantry-e2e-stick-${process.pid}`);
  test.use({ settings: { GANTRY_BACKUP_DIR: stick } });

  test("is missed until it is", async ({ gantry, page }) => {
    test.setTimeout(120_000);
    const { partner } = await gantry.createEvent();
    await logIn(gantry, page, partner);
    const none = alarms(page).getByText("No backup is made");
    await expect(none).toBeVisible();
    await mkdir(stick);
    try {
      await expect(none).toBeHidden({ timeout: 60_000 });
    } finally {
      await rm(stick, { recursive: true });
    }
  });
});

test.describe("a disk of its own", () => {
  const GB = 1e9;
  test.use({ diskBytes: 4 * GB });

  test("is missed on as it runs out, reads wait while it is full, and none is lost", async ({
    gantry,
    controller,
    page,
  }) => {
    test.setTimeout(120_000);
    const { partner, event } = await gantry.createEvent();
    await gantry.createStream(event);
    await logIn(gantry, page, partner);
    await wakes(page);
    const mats = await controller({ locations: ["FINISH"] });
    const free = alarms(page).getByText(/^Only .* are free on the disk of the data folder/);
    await expect(free).toBeHidden();
    await gantry.disk?.resize(1 * GB);
    await expect(free).toContainText("9", { timeout: 15_000 });
    await gantry.disk?.resize(0.15 * GB);
    await expect(free).toHaveText(/^Only 1[0-4]\d MB are free/, { timeout: 15_000 });
    await isAccessible(page);

    await gantry.disk?.fill();
    let tag = 0;
    const refused = alarms(page).getByText("The database cannot be written; reads wait in memory");
    const heard = expect(refused).toBeVisible({ timeout: 60_000 });
    await meanwhile(() => mats.read("FINISH", String(++tag)), heard);
    await gantry.disk?.resize(4 * GB);
    await expect(refused).toBeHidden({ timeout: 60_000 });
    await expect(free).toBeHidden({ timeout: 15_000 });
    const stored = async () => (await gantry.cli(["stream", "list", "--event", event])).streams;
    await expect.poll(stored).toMatchObject([{ reads: tag }]);
  });
});

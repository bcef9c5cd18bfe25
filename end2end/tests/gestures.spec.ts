// Each gesture of the builder with a mouse and the keys that are held meanwhile. Fingers have
// theirs in `touch.spec.ts`; what comes out to the pixel, `editor`'s own tests say.

import { Builder } from "../builder";
import { expect, test } from "../gantry";

test.use({ viewport: { width: 1440, height: 900 } });

type Place = [number, number, number, number];

/** A canvas with these rectangles, the last of them selected. Nothing snaps. */
async function withShapes(builder: Builder, ...places: Place[]): Promise<void> {
  await builder.over.focus();
  await builder.page.keyboard.press("Control+Shift+s");
  for (const [x, y, width, height] of places) {
    await builder.tool("Rectangle");
    await builder.drag([x, y], [x + width, y + height]);
    await setPlace(builder, [x, y, width, height]);
  }
}

/** By its numbers, so that nothing is off by the pixels of a window. */
async function setPlace(builder: Builder, place: Place): Promise<void> {
  const names = ["Left edge", "Top edge", "Width", "Height"];
  for (const [index, name] of names.entries()) {
    await builder.field(name).fill(String(place[index]));
    await builder.field(name).press("Enter");
  }
  await builder.isAt(...place);
}

async function held(builder: Builder, key: string, gesture: () => Promise<void>): Promise<void> {
  await builder.page.keyboard.down(key);
  await gesture();
  await builder.page.keyboard.up(key);
}

test("each of the eight handles resizes, in proportion with Shift, from the middle with Alt", async ({
  gantry,
  page,
}) => {
  const builder = await Builder.open(gantry, page);
  const place: Place = [600, 400, 400, 300];
  await withShapes(builder, place);
  const handle = (x: number, y: number): [number, number] => [800 + x * 200, 550 + y * 150];
  const pull = async ([x, y]: [number, number], [right, down]: [number, number]) => {
    const [from_x, from_y] = handle(x, y);
    await builder.drag([from_x, from_y], [from_x + right, from_y + down]);
  };
  for (const [x, y, expected] of [
    [-1, -1, [660, 440, 340, 260]],
    [0, -1, [600, 440, 400, 260]],
    [1, -1, [600, 440, 460, 260]],
    [1, 0, [600, 400, 460, 300]],
    [1, 1, [600, 400, 460, 340]],
    [0, 1, [600, 400, 400, 340]],
    [-1, 1, [660, 400, 340, 340]],
    [-1, 0, [660, 400, 340, 300]],
  ] as const) {
    await pull([x, y], [60, 40]);
    await builder.isNear(...expected);
    await page.keyboard.press("Control+z");
    await builder.isAt(...place);
  }
  await held(builder, "Shift", () => pull([1, 1], [200, 20]));
  const [, , width = 0, height = 0] = await builder.place();
  expect(width).toBeGreaterThan(400);
  expect(width / height).toBeCloseTo(4 / 3, 1);
  await page.keyboard.press("Control+z");
  await held(builder, "Alt", () => pull([1, 1], [60, 40]));
  await builder.isNear(540, 360, 520, 380);
});

test("the round handle turns, by steps with Shift", async ({ gantry, page }) => {
  const builder = await Builder.open(gantry, page);
  await withShapes(builder, [600, 400, 400, 300]);
  const turn = async (deg: number) => {
    const [top, middle] = [await builder.at(800, 400), await builder.at(800, 550)];
    const [radius, angle] = [200, (deg * Math.PI) / 180];
    await page.mouse.move(top.x, top.y - 24);
    await page.mouse.down();
    await page.mouse.move(
      middle.x + radius * Math.sin(angle),
      middle.y - radius * Math.cos(angle),
      { steps: 6 },
    );
    await page.mouse.up();
  };
  const rotation = builder.field("Rotation in degrees");
  await turn(70);
  await expect.poll(async () => Math.abs(Number(await rotation.inputValue()) - 70)).toBeLessThan(2);
  await page.keyboard.press("Control+z");
  await held(builder, "Shift", () => turn(70));
  await expect(rotation).toHaveValue("75");
});

test("what is moved snaps to others with lines, not while Control is held, and Esc takes it back", async ({
  gantry,
  page,
}) => {
  const builder = await Builder.open(gantry, page);
  await withShapes(builder, [203, 150, 300, 200], [811, 637, 300, 200]);
  await builder.over.focus();
  await page.keyboard.press("Control+Shift+s");
  const [from, near] = [await builder.at(961, 737), await builder.at(361, 737)];
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + near.x) / 2, from.y, { steps: 4 });
  await page.mouse.move(near.x, near.y, { steps: 4 });
  await expect(page.locator(".over-snap")).not.toHaveCount(0);
  await builder.isAt(203, 637, 300, 200);
  await page.keyboard.down("Control");
  await expect(page.locator(".over-snap")).toHaveCount(0);
  await builder.isNear(211, 637, 300, 200);
  await page.keyboard.up("Control");
  await builder.isAt(203, 637, 300, 200);
  await page.keyboard.press("Escape");
  await page.mouse.up();
  await builder.isAt(811, 637, 300, 200);
});

test("Alt leaves the original and moves a copy, Shift keeps to one direction", async ({
  gantry,
  page,
}) => {
  const builder = await Builder.open(gantry, page);
  await withShapes(builder, [300, 200, 300, 200]);
  await held(builder, "Alt", () => builder.drag([450, 300], [1_050, 700]));
  await expect(builder.layers).toHaveCount(2);
  await builder.isNear(900, 600, 300, 200);
  await builder.click(450, 300);
  await builder.isAt(300, 200, 300, 200);
  // Not where it was clicked: that would be a double click.
  const begin = await builder.at(520, 350);
  await page.mouse.move(begin.x, begin.y);
  await page.mouse.down();
  // At the press it would take the shape out of the selection or in.
  await page.keyboard.down("Shift");
  const end = await builder.at(920, 410);
  await page.mouse.move(end.x, end.y, { steps: 6 });
  await page.mouse.up();
  await page.keyboard.up("Shift");
  await builder.isNear(700, 200, 300, 200);
});

test("elements are selected by click and rectangle, added with Shift, and through others with Control", async ({
  gantry,
  page,
}) => {
  const builder = await Builder.open(gantry, page);
  await withShapes(builder, [200, 200, 600, 500], [400, 300, 200, 200], [1_200, 300, 300, 300]);
  const outlines = page.locator(".over-outline");
  await builder.click(1_700, 950);
  await expect(outlines).toHaveCount(0);
  await builder.drag([100, 100], [1_600, 800]);
  await expect(outlines).toHaveCount(3);
  await builder.click(1_350, 450);
  await builder.isAt(1_200, 300, 300, 300);
  await held(builder, "Shift", () => builder.click(300, 600));
  await expect(outlines).toHaveCount(2);
  await held(builder, "Shift", () => builder.click(1_350, 450));
  await builder.isAt(200, 200, 600, 500);

  await builder.click(500, 400);
  await builder.isAt(400, 300, 200, 200);
  await held(builder, "Control", () => builder.click(500, 400));
  await builder.isAt(200, 200, 600, 500);
  await held(builder, "Control", () => builder.click(500, 400));
  await builder.isAt(400, 300, 200, 200);
});

test("a group is made, entered by a double click, and left by Esc", async ({ gantry, page }) => {
  const builder = await Builder.open(gantry, page);
  await withShapes(builder, [200, 200, 300, 300], [700, 400, 300, 300]);
  await builder.over.focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+g");
  await builder.click(300, 300);
  await builder.isAt(200, 200, 800, 500);
  await builder.drag([400, 350], [500, 390]);
  await builder.isNear(300, 240, 800, 500);
  const inside = await builder.at(900, 600);
  await page.mouse.dblclick(inside.x, inside.y);
  const inner = await builder.place();
  expect(inner.slice(2)).toEqual([300, 300]);
  await builder.drag([900, 600], [1_000, 600]);
  await builder.isNear((inner[0] ?? 0) + 100, inner[1] ?? 0, 300, 300);
  await builder.over.focus();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Shift+g");
  await expect(builder.layers).toHaveCount(2);
});

test("a guide comes out of its ruler, is snapped to, moved, and pulled away again", async ({
  gantry,
  page,
}) => {
  const builder = await Builder.open(gantry, page);
  await withShapes(builder, [900, 500, 300, 200]);
  await builder.over.focus();
  await page.keyboard.press("Control+Shift+s");
  const guides = page.locator(".over-guide");
  const ruler = await page.locator(".builder-ruler.upright").boundingBox();
  if (!ruler) throw new Error("there is no ruler");
  const pull = async (from: { x: number; y: number }, to: { x: number; y: number }) => {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 3 });
    await page.mouse.move(to.x, to.y, { steps: 3 });
    await page.mouse.up();
  };
  const rest = { x: ruler.x + ruler.width / 2, y: ruler.y + ruler.height / 2 };
  await pull(rest, await builder.at(313, 900));
  await expect(guides).toHaveCount(1);
  await builder.drag([1_050, 600], [470, 600]);
  const [left = 0] = await builder.place();
  const near = await builder.at(left, 0);
  expect(Math.abs(Number(await guides.getAttribute("x1")) - (near.x - (await corner())))).toBeLessThan(1);

  await pull(await builder.at(left, 980), await builder.at(640, 980));
  await expect(guides).toHaveCount(1);
  const moved = Number(await guides.getAttribute("x1")) + (await corner());
  expect(Math.abs(moved - (await builder.at(640, 0)).x)).toBeLessThan(2);
  await pull(await builder.at(640, 980), rest);
  await expect(guides).toHaveCount(0);

  async function corner(): Promise<number> {
    return (await builder.over.boundingBox())?.x ?? NaN;
  }
});

test("one looks closer with the wheel, and pushes the canvas by wheel, space, middle button and hand", async ({
  gantry,
  page,
}) => {
  const builder = await Builder.open(gantry, page);
  const before = await builder.view();
  const at = await builder.at(1_500, 300);
  await page.mouse.move(at.x, at.y);
  await held(builder, "Control", () => page.mouse.wheel(0, -120));
  await expect.poll(async () => (await builder.view()).scale).toBeGreaterThan(before.scale * 1.1);
  // What lay under the pointer lies there still.
  const still = await builder.at(1_500, 300);
  expect(Math.hypot(still.x - at.x, still.y - at.y)).toBeLessThan(2);

  const isPushed = async (x: number, y: number, push: () => Promise<void>) => {
    const { scale, corner } = await builder.view();
    await push();
    const off = async () => {
      const now = await builder.view();
      expect(now.scale).toBeCloseTo(scale, 4);
      return Math.hypot(now.corner.x - corner.x - x, now.corner.y - corner.y - y);
    };
    await expect.poll(off).toBeLessThan(2);
  };
  await isPushed(-30, -50, () => page.mouse.wheel(30, 50));
  await isPushed(-40, 0, () => held(builder, "Shift", () => page.mouse.wheel(0, 40)));
  const middle = await builder.middle();
  const drag = async (button: "left" | "middle") => {
    await page.mouse.move(middle.x, middle.y);
    await page.mouse.down({ button });
    await page.mouse.move(middle.x + 60, middle.y + 35, { steps: 4 });
    await page.mouse.up({ button });
  };
  await builder.over.focus();
  await isPushed(60, 35, () => held(builder, "Space", () => drag("left")));
  await isPushed(60, 35, () => drag("middle"));
  await page.keyboard.press("h");
  await isPushed(60, 35, () => drag("left"));
  await expect(builder.layers).toHaveCount(0);
});

test("the middle button pastes nothing of what is selected elsewhere", async ({ gantry, page }) => {
  const builder = await Builder.open(gantry, page);
  await builder.over.focus();
  await page.keyboard.press("t");
  await builder.drag([200, 200], [900, 300]);
  // On Linux what is selected is what the middle button pastes.
  const says = page.getByLabel("Says");
  await says.fill("Well done");
  await says.selectText();
  await builder.over.focus();
  const middle = await builder.middle();
  const { corner } = await builder.view();
  await page.mouse.move(middle.x, middle.y + 100);
  await page.mouse.down({ button: "middle" });
  await page.mouse.move(middle.x + 60, middle.y + 100, { steps: 4 });
  await page.mouse.up({ button: "middle" });
  await expect.poll(async () => (await builder.view()).corner.x).toBeCloseTo(corner.x + 60, 0);
  await page.keyboard.press("Control+a");
  await expect(page.getByRole("heading", { name: "Text", exact: true })).toBeVisible();
  await expect(builder.layers).toHaveCount(1);
});

test("what is locked stays, what is hidden is not taken, and order is by keys", async ({
  gantry,
  page,
}) => {
  const builder = await Builder.open(gantry, page);
  await withShapes(builder, [200, 200, 400, 400], [400, 300, 400, 400]);
  await builder.over.focus();
  await page.keyboard.press("Control+Shift+l");
  await builder.drag([700, 600], [900, 800]);
  await builder.click(700, 600);
  await expect(page.locator(".over-outline")).toHaveCount(0);
  await builder.click(300, 300);
  await builder.isAt(200, 200, 400, 400);
  await page.keyboard.press("Control+Shift+]");
  await builder.click(1_500, 900);
  await builder.click(500, 500);
  await builder.isAt(200, 200, 400, 400);
  await page.keyboard.press("Control+Shift+h");
  await expect(builder.element("shape-1")).toBeHidden();
  await page.keyboard.press("Escape");
  await builder.click(300, 300);
  await expect(page.locator(".over-outline")).toHaveCount(0);
});

test("layers are found, called, and dragged into another order", async ({ gantry, page }) => {
  const builder = await Builder.open(gantry, page);
  await withShapes(builder, [200, 200, 400, 400], [400, 300, 400, 400]);
  await builder.over.focus();
  await page.keyboard.press("F2");
  await expect(builder.field("Name")).toBeFocused();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("Plate");
  await page.keyboard.press("Enter");
  await expect(builder.layers.first()).toContainText("Plate");
  await builder.layers.last().dragTo(builder.layers.first(), { targetPosition: { x: 60, y: 3 } });
  await expect(builder.layers.last()).toContainText("Plate");
  await page.getByLabel("Search layers").fill("plat");
  await expect(builder.layers).toHaveCount(1);
});

test("what is copied is pasted into another template", async ({ gantry, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const builder = await Builder.open(gantry, page);
  await withShapes(builder, [200, 250, 400, 300]);
  await builder.over.focus();
  await page.keyboard.press("Control+c");
  await builder.isSaved();
  const other = await Builder.create(page, builder.event, "Banner");
  await other.over.focus();
  await page.keyboard.press("Control+Shift+v");
  await other.isAt(200, 250, 400, 300);
});

// The harness stands: a server starts, answers, and comes back where it was.

import { expect, test } from "../gantry";

test("a server is alive, also after a power cut, at the same address", async ({
  gantry,
  request,
}) => {
  expect((await request.get("/healthz")).status()).toBe(200);
  const { http, timing } = gantry;
  await gantry.kill();
  await gantry.serve();
  expect([gantry.http, gantry.timing]).toEqual([http, timing]);
  expect((await request.get("/healthz")).status()).toBe(200);
});

// How the browser tests run. No retry and no trace: a test that fails once has found something,
// and its message must be enough to see what. `cargo xtask e2e` sets the two variables.

import { defineConfig } from "@playwright/test";

const chromium = process.env.GANTRY_CHROMIUM;
if (!chromium || !process.env.GANTRY_BIN) {
  throw new Error("start the browser tests with `cargo xtask e2e`");
}

export default defineConfig({
  testDir: "tests",
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  workers: 2,
  retries: 0,
  // Two cores, often shared with a build: a long test is slow in each of its many steps then. What
  // never comes is told as soon as it would be anyway: each wait for it has its own 10 s.
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: "list",
  use: {
    browserName: "chromium",
    trace: "off",
    screenshot: "only-on-failure",
    viewport: { width: 1920, height: 1080 },
    launchOptions: {
      executablePath: chromium,
      args: [
        "--headless",
        "--no-sandbox",
        "--no-first-run",
        // A name that is no secure context, as a server in the tent is none.
        "--host-resolver-rules=MAP gantry.test 127.0.0.1",
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});

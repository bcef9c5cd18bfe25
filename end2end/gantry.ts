// What every spec imports: Playwright's `test` with a server of its own for each test, pages
// that know its address, and a test that fails when any of its pages complains.

import { test as base, expect } from "@playwright/test";

import { Controller, type ControllerOptions } from "./controller";
import { Gantry, type ServerCommand } from "./server";

export { Controller, type ControllerOptions } from "./controller";
export { type Display, Gantry, within } from "./server";
export { expect };

type Fixtures = {
  /** Console messages that the test means to cause: a socket that finds no server, say. */
  allowedConsole: RegExp;
  /** What `gantry` is started as. */
  command: ServerCommand;
  /** `GANTRY_…` variables that it is started with. */
  settings: Record<string, string>;
  /** The size of a disk of its own for the data folder; 0 for the one that is there. */
  diskBytes: number;
  /** A running server on an empty data folder. Pages take relative addresses from it. */
  gantry: Gantry;
  /** Connects a timing controller, which is disconnected at the end. */
  controller: (options: ControllerOptions) => Promise<Controller>;
};

// Said three seconds after the load, of what a slow machine will use a moment later and a page
// without WebAssembly not at all.
const UNUSED_YET = /preloaded using link preload but not used within a few seconds/;

export const test = base.extend<Fixtures>({
  // Matches nothing. One pattern and no list, which `test.use` would take for value and options.
  allowedConsole: [/(?!)/, { option: true }],

  command: ["serve", { option: true }],

  settings: [{}, { option: true }],

  diskBytes: [0, { option: true }],

  gantry: async ({ command, settings, diskBytes }, use, info) => {
    const gantry = await Gantry.start(command, settings, diskBytes);
    await use(gantry);
    if (info.status !== info.expectedStatus) {
      console.error(`server log of "${info.title}":\n${gantry.log.join("\n")}`);
    }
    await gantry.dispose();
    expect(gantry.panics, "what broke in the server").toEqual([]);
  },

  controller: async ({ gantry }, use) => {
    const connected: Controller[] = [];
    await use(async (options) => {
      const controller = await Controller.connect(gantry.timing, options);
      connected.push(controller);
      return controller;
    });
    for (const controller of connected) await controller.disconnect();
  },

  baseURL: async ({ gantry }, use) => {
    await use(gantry.url(""));
  },

  // A hydration mismatch is a console warning in one build and an error in the other.
  context: async ({ context, allowedConsole }, use) => {
    const complaints: string[] = [];
    const note = (what: string) => {
      if (!UNUSED_YET.test(what) && !allowedConsole.test(what)) complaints.push(what);
    };
    context.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") {
        note(`console ${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
    context.on("weberror", (error) => note(`page error: ${error.error().stack}`));
    await use(context);
    expect(complaints, "what the pages complained about").toEqual([]);
  },
});

// A small disk for one server: a tmpfs over its data folder, in a mount namespace of its own, that
// can be made smaller and larger. Linux only, as root or where users may make namespaces.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { statfs } from "node:fs/promises";
import { text } from "node:stream/consumers";

const TRIES_MAX = 20;

const MOUNT = 'mount -t tmpfs -o "size=$1" small "$0" && echo mounted && exec cat';

export class SmallDisk {
  private constructor(
    readonly folder: string,
    /** Holds the namespace until its standard input ends. */
    readonly keeper: ChildProcess,
    readonly namespaces: string[],
  ) {}

  static async over(folder: string, bytes: number): Promise<SmallDisk> {
    const whys = [];
    // A user is not allowed to do without a user namespace, nor need root be to make one.
    for (const namespaces of [["--mount"], ["--mount", "--user"]]) {
      const as_root = namespaces.includes("--user") ? ["--map-root-user"] : [];
      const script = ["sh", "-c", MOUNT, folder, String(bytes)];
      const keeper = spawn("unshare", [...namespaces, ...as_root, ...script]);
      const errors = text(keeper.stderr);
      const mounted = await Promise.race([
        once(keeper.stdout, "data").then(() => true),
        once(keeper, "close").then(() => false),
      ]);
      if (mounted) return new SmallDisk(folder, keeper, namespaces);
      whys.push(await errors);
    }
    throw new Error(`no small disk can be mounted for this test: ${whys.join("; ")}`);
  }

  /** What is typed before a command that is to see the disk. */
  get enter(): string[] {
    const target = ["--target", String(this.keeper.pid)];
    return ["nsenter", "--preserve-credentials", ...this.namespaces, ...target];
  }

  /** Gives it so many bytes. */
  async resize(bytes: number): Promise<void> {
    const options = `remount,size=${bytes}`;
    const [program, ...words] = [...this.enter, "mount", "-o", options, this.folder];
    const mount = spawn(program, words);
    const errors = text(mount.stderr);
    const [code] = await once(mount, "close");
    if (code !== 0) throw new Error(`mount -o ${options} (exit code ${code})\n${await errors}`);
  }

  /** Leaves no room for more than there is on it now. */
  async fill(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const { blocks, bfree, bsize } = await statfs(`/proc/${this.keeper.pid}/root${this.folder}`);
      try {
        return await this.resize((blocks - bfree) * bsize);
      } catch (error) {
        // Something was written in between: it cannot be smaller than what is on it.
        if (tries === TRIES_MAX) throw error;
      }
    }
  }

  /** Takes it away, with all that is on it, once nobody is in it any more. */
  async remove(): Promise<void> {
    const end = once(this.keeper, "close");
    this.keeper.stdin?.end();
    await end;
  }
}

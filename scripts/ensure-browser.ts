/**
 * The browser tests need Chromium and a Chinese font. Installs them with the system's package manager where that is
 * allowed; otherwise says exactly what is missing and how to get it, and fails.
 */
import { execFileSync } from "node:child_process";
import { findChromium, hasChineseFont } from "../test/browser/chromium.ts";

const say = (text: string) => process.stdout.write(`${text}\n`);

function missing(): string[] {
  return [...(findChromium() ? [] : ["chromium"]), ...(hasChineseFont() ? [] : ["fonts-noto-cjk"])];
}

let wanted = missing();
if (wanted.length > 0 && process.platform === "linux" && process.getuid?.() === 0) {
  say(`Installing ${wanted.join(", ")} with apt-get …`);
  try {
    const options = {
      stdio: ["ignore", "ignore", "inherit"] as ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    };
    execFileSync("apt-get", ["update"], options);
    execFileSync("apt-get", ["install", "-y", "--no-install-recommends", ...wanted, "fontconfig"], options);
  } catch (cause) {
    say(`apt-get failed: ${(cause as Error).message}`);
  }
  wanted = missing();
}
if (wanted.length > 0) {
  say(`The browser tests need: ${wanted.join(", ")}.`);
  say("On Debian or Ubuntu:  sudo apt-get install chromium fonts-noto-cjk");
  say("Elsewhere: install Chromium or Chrome and name it in CHROMIUM; install any Simplified Chinese font.");
  process.exitCode = 1;
}

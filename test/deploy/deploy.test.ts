import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { environment, projectRoot } from "../../src/platform/config.ts";

const read = (path: string) => readFileSync(join(projectRoot, path), "utf8");
/** Read by the standard's own libraries, or by the program that starts ours. */
const FOREIGN = new Set(["PATH", "HOME", "WENGANG_IMAGE"]);
const settings = new Set(Object.keys(environment.shape));
const unknown = (names: Iterable<string>) => [...names].filter((name) => !settings.has(name) && !FOREIGN.has(name));

describe("the container file", () => {
  const lines = read("deploy/Dockerfile")
    .replaceAll(/\\\n\s*/g, " ")
    .split("\n")
    .filter((line) => /^[A-Z]+ /.test(line))
    .map((line) => ({ word: line.split(" ")[0]!, rest: line.slice(line.indexOf(" ") + 1).trim() }));
  const last = lines.slice(lines.findLastIndex(({ word }) => word === "FROM"));
  const of = (word: string, within = last) => within.filter((line) => line.word === word).map(({ rest }) => rest);

  test("builds in one stage and runs in another, on a base named by digest", () => {
    expect(of("FROM", lines)).toEqual(["${BASE} AS build", "${BASE}"]);
    expect(of("ARG", lines)[0]).toMatch(/^BASE=\S+@sha256:/);
  });

  test("copies only what is there, and what is copied is let through", () => {
    const copied = of("COPY", lines).flatMap((rest) =>
      rest.startsWith("--from") ? [] : rest.split(/\s+/).slice(0, -1),
    );
    expect(copied.filter((path) => !existsSync(join(projectRoot, path)))).toEqual([]);
    const let_ = read(".dockerignore").split("\n");
    expect(copied.filter((path) => !let_.includes(`!${path}`))).toEqual([]);
    expect(let_[0]).toBe("*");
  });

  test("runs as somebody without rights, looks after its health, and stops by the signal that the program knows", () => {
    expect(of("USER")).toEqual(["10001:10001"]);
    expect(of("HEALTHCHECK")[0]).toContain("/healthz");
    expect(of("STOPSIGNAL")).toEqual(["SIGTERM"]);
    expect(of("ENTRYPOINT")).toEqual(['["/app/bin/wengang"]']);
    // No package is fetched where it runs.
    expect(of("RUN").join(" ")).not.toMatch(/npm|apt-get|curl|wget/);
    expect(of("VOLUME")[0]).toBe('["/data", "/keys", "/backups"]');
    const set = [
      ...of("ENV")
        .join(" ")
        .matchAll(/\b([A-Z_]+)=/g),
    ].map((match) => match[1]!);
    expect(unknown(set)).toEqual([]);
  });
});

describe("the compose file", () => {
  interface Service {
    readonly image: string;
    readonly user?: string;
    readonly read_only?: boolean;
    readonly command?: readonly string[];
    readonly cap_drop?: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
    readonly stop_grace_period?: string;
  }
  const { services } = parse(read("deploy/compose.yaml"), { merge: true }) as { services: Record<string, Service> };
  const ours = Object.entries(services).filter(([, { image }]) => image.includes("wengang:"));

  test("has two servers without a worker, one worker, a database and a proxy, the latter by digest", () => {
    expect(ours.map(([name, { command }]) => [name, command])).toEqual([
      ["server-1", ["serve", "--no-worker"]],
      ["server-2", ["serve", "--no-worker"]],
      ["worker", ["worker"]],
    ]);
    for (const name of ["database", "proxy"]) expect(services[name]!.image).toMatch(/@\$\{\w+:\?/);
  });

  test("runs ours without rights on a read-only root, with settings that exist and time enough to stop", () => {
    for (const [, service] of ours) {
      expect(service).toMatchObject({ user: "10001:10001", read_only: true, cap_drop: ["ALL"] });
      expect(unknown(Object.keys(service.environment ?? {}))).toEqual([]);
      const { WENGANG_STOP_SECONDS: stop = "30", WENGANG_STOP_DELAY_SECONDS: delay = "0" } = service.environment ?? {};
      expect(Number.parseInt(service.stop_grace_period ?? "10", 10)).toBeGreaterThan(Number(stop) + Number(delay));
    }
  });

  test("the proxy sends to the servers that there are", () => {
    const servers = [...read("deploy/nginx.conf").matchAll(/^\s*server (\S+):8080/gm)].map((match) => match[1]);
    expect(servers).toEqual(["server-1", "server-2"]);
  });
});

describe.each(["wengang.service", "wengang-worker.service"])("%s", (name) => {
  const text = read(`deploy/systemd/${name}`);
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, "m").exec(text)?.[1];

  test("runs the program as an ordinary user that writes nowhere but in its folders", () => {
    expect(value("User")).toBe("wengang");
    expect(value("ExecStart")).toMatch(/^\/srv\/wengang\/app\/bin\/wengang (serve --no-worker|worker)$/);
    expect(value("ProtectSystem")).toBe("strict");
    expect(value("ReadWritePaths")?.split(" ")).not.toContain("/srv/wengang/app");
    expect(value("NoNewPrivileges")).toBe("yes");
    expect(value("CapabilityBoundingSet")).toBe("");
    // A worker may take longer than a server: a step of an import is ended rather than done again.
    expect(Number(value("TimeoutStopSec"))).toBeGreaterThanOrEqual(120);
  });

  test.runIf(spawnSync("systemd-analyze", ["--version"]).status === 0)("is what systemd understands", () => {
    const folder = mkdtempSync(join(tmpdir(), "wengang-units-"));
    try {
      // The program lies elsewhere on this machine, and its user is not there.
      const here = text.replace(/^ExecStart=.*$/m, "ExecStart=/bin/true").replaceAll(/^(User|Group)=.*\n/gm, "");
      writeFileSync(join(folder, name), here);
      const { stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", join(folder, name)], { encoding: "utf8" });
      expect(stderr.split("\n").filter((line) => line.includes(name))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("docs/operations.md", () => {
  const guide = read("docs/operations.md");

  test("names every setting that the program reads, and no other", () => {
    expect([...settings].filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
    const named = [...guide.matchAll(/\b(WENGANG_[A-Z0-9_]+)\b/g)].map((match) => match[1]!);
    expect(unknown(new Set(named))).toEqual([]);
  });

  test("names every metric that the program shows", () => {
    const sources = [
      "src/platform/telemetry/telemetry.ts",
      "src/platform/telemetry/gauges.ts",
      "src/platform/telemetry/process-gauges.ts",
      "src/platform/http/turnstile.ts",
      "src/backup/module.ts",
      "src/audit/seal/gauges.ts",
      "src/ledger/module.ts",
    ];
    const names = sources.flatMap((path) =>
      [
        ...read(path).matchAll(
          /"((?:wengang|http|db|process|nodejs|v8js)\.[a-z0-9_.]+\.[a-z0-9_.]+|wengang\.[a-z]+)"/g,
        ),
      ].map((match) => match[1]!),
    );
    const shown = [...new Set(names)].filter((name) => !NOT_METRICS.has(name));
    expect(shown.length).toBeGreaterThan(20);
    expect(shown.filter((name) => !guide.includes(`\`${name.replaceAll(".", "_")}`))).toEqual([]);
  });
});

/** Labels. */
const NOT_METRICS = new Set(["wengang.route.class", "db.client.connection.pool.name", "db.client.connection.state"]);

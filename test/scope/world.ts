import type { Client } from "pg";
import { permissionsOf } from "#identity";
import { hashPassword } from "../../src/identity/sessions/passwords.ts";
import { sightOf } from "../../src/identity/permissions.ts";
import type { Duty } from "../../src/identity/contract.ts";
import type { Caller, DomainModule } from "../../src/platform/module.ts";
import type { TestRuntime } from "../../src/platform/testing/index.ts";
import { SecretNumbers, secretText } from "./tokens.ts";

/** Two made-up prefectures of provinces that work here, and a county of a province that does not. */
export const places = {
  prefecture: "4398",
  county: "439801",
  town: "439801100",
  village: "439801100201",
  otherVillage: "439801100202",
  otherTownsVillage: "439801101201",
  sisterCounty: "439802",
  sisterVillage: "439802100201",
  farPrefecture: "6298",
  farCounty: "629801",
  farVillage: "629801100201",
  elsewhere: "449801",
} as const;

export const villages = [
  places.village,
  places.otherVillage,
  places.otherTownsVillage,
  places.sisterVillage,
  places.farVillage,
] as const;
export const counties = [places.county, places.sisterCounty, places.farCounty] as const;

/** Things that can be asked for by number, of all places alike. */
export const idKinds = [
  "person",
  "household",
  "employer",
  "nameKey",
  "comparison",
  "batch",
  "task",
  "file",
  "organisation",
  "officer",
  "alias",
  "registerRow",
  "import",
  "version",
  "setting",
  "simulation",
  "pair",
  "merge",
  "transfer",
  "proposal",
  "factorRule",
  "signOnLink",
  "correction",
  "mandate",
  "personLink",
  "member",
  "finding",
  "findingEvent",
  "closing",
  "export",
  "fundLine",
  "claim",
  "paymentBatch",
  "settlement",
  "inspection",
  "publication",
  "objection",
  "application",
  "applicationLine",
  "applicationFile",
  "prepayment",
  "erasureRequest",
  "retentionRun",
] as const;
export type IdKind = (typeof idKinds)[number];

export interface Officer {
  readonly label: string;
  readonly caller: Caller;
  readonly login: string;
  readonly region: string;
}

export class World {
  readonly runtime: TestRuntime;
  readonly owner: Client;
  readonly numbers = new SecretNumbers();
  readonly ids = Object.fromEntries(idKinds.map((kind) => [kind, []])) as unknown as Record<IdKind, string[]>;
  /** Names, numbers and the like to search for. */
  readonly texts: string[] = [];
  readonly officers: Officer[] = [];
  readonly #modules: readonly DomainModule[];
  #passwordHash: Promise<string> | undefined;
  #next = 8_800_000_000_000;

  constructor(runtime: TestRuntime, owner: Client, modules: readonly DomainModule[]) {
    this.runtime = runtime;
    this.owner = owner;
    this.#modules = modules;
  }

  /** A number that stands nowhere else. */
  fresh(): string {
    this.#next += 1;
    return String(this.#next);
  }

  async put(table: string, columns: Readonly<Record<string, unknown>>): Promise<void> {
    const names = Object.keys(columns);
    await this.owner.query(
      `INSERT INTO ${table} (${names.join(", ")}) OVERRIDING SYSTEM VALUE VALUES (${names.map((_, index) => `$${index + 1}`).join(", ")})`,
      Object.values(columns),
    );
  }

  async addRegions(): Promise<void> {
    const add = (code: string, level: string, parent: string, hosted: boolean) =>
      this.put("registry.region", {
        code,
        level,
        name: `测试${level}${code}`,
        full_name: `测试全称${code}`,
        parent,
        hosted,
      });
    for (const [code, hosted] of [
      [places.prefecture, true],
      [places.farPrefecture, true],
      ["4498", false],
    ] as const)
      await add(code, "prefecture", code.slice(0, 2), hosted);
    for (const code of counties) await add(code, "county", code.slice(0, 4), true);
    await add(places.elsewhere, "county", "4498", false);
    for (const code of new Set(villages.map((village) => village.slice(0, 9))))
      await add(code, "town", code.slice(0, 6), true);
    for (const code of villages) await add(code, "village", code.slice(0, 9), true);
  }

  /** An office in each place and officers of every duty in it; one office has people of narrower areas too. */
  async addOfficers(): Promise<void> {
    const business: Duty[] = ["county-clerk", "reviewer", "finance", "auditor", "leader", "policy"];
    const administrators: Duty[] = ["system-admin", "security-admin", "audit-admin"];
    await this.#addOffice(
      places.county,
      [...business, ...administrators].map((duty) => [duty]),
    );
    await this.#addOffice(places.town, [["town-officer"], ["reviewer"]]);
    await this.#addOffice(places.town, [["village-worker"]], places.village);
    await this.#addOffice(places.sisterCounty, [["county-clerk", "reviewer"], ["auditor"], ["system-admin"]]);
    await this.#addOffice(places.farCounty, [
      ["county-clerk"],
      ["reviewer", "auditor"],
      ["security-admin"],
      ["audit-admin"],
    ]);
    await this.#addOffice(places.prefecture, [
      ["city-dispatcher"],
      ["leader", "auditor"],
      ["system-admin"],
      ["audit-admin"],
    ]);
    await this.#addOffice("62", [["province-dispatcher"], ["auditor"]]);
  }

  async #addOffice(region: string, dutiesOfEach: readonly Duty[][], narrower?: string): Promise<void> {
    const place = narrower ?? region;
    const passwordHash = await (this.#passwordHash ??= hashPassword("Right-password-1"));
    const organisationId = this.id("organisation", { class: "员", places: [region] });
    const organisation = secretText({ class: "员", places: [region] }) + organisationId;
    await this.put("identity.organisation", {
      organisation_id: organisationId,
      name: organisation,
      department: "human-resources",
      region,
    });
    for (const duties of dutiesOfEach) {
      const officerId = this.id("officer", { class: "员", places: [place] });
      const login = `m${officerId}`;
      const name = secretText({ class: "员", places: [place] });
      await this.put("identity.officer", {
        officer_id: officerId,
        login,
        name,
        organisation_id: organisationId,
        organisation_region: region,
        region: place,
        duties,
        password_hash: passwordHash,
        must_change_password: false,
      });
      const caller: Caller = {
        officerId,
        name,
        organisation,
        permissions: permissionsOf(duties, this.#modules),
        sight: sightOf(duties, place, officerId),
        session: { id: "0".repeat(64), csrf: "none" },
      };
      this.officers.push({ label: `${duties.join("+")} of ${place}`, caller, login, region: place });
    }
  }

  /** A number for a row, remembered as something that may be asked for and as something that may leak. */
  id(kind: IdKind, secret: Parameters<SecretNumbers["add"]>[1], value = this.fresh()): string {
    this.ids[kind].push(value);
    return this.numbers.add(value, secret);
  }
}

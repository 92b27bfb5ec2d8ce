import type { Tx } from "../platform/db/database.ts";
import { registryEntities, registryFields, type RegistryEntity } from "./fields.ts";
import { sourceCodes, sourceNumbers, type SourceCode } from "./sources.ts";

/** Groups of sources from the most believed; within a group the newer value wins. Sources not named come last, together. */
type Ranking = readonly (readonly SourceCode[])[];

/** What is certified elsewhere is believed before what was typed here, and that before what a table merely repeats. */
const certified = (first: SourceCode): Ranking => [
  [first],
  ["officer"],
  ["work-ledger", "post-roster"],
  ["village-visit"],
];

/** A hand-made correction must not be undone by next month's ledger, which still says the old value. */
const correctedByHand: Ranking = [["officer"], ["work-ledger"], ["village-visit", "post-roster"], ["assisted-list"]];

/** Wishes are asked again and again; the latest answer counts, whoever asked. */
const latestAnswer: Ranking = [["officer", "village-visit", "work-ledger"], ["assisted-list"]];

/** 基本身份 is maintained in the 防返贫 system, which checks it against the police register; the list carries it to us. */
const identityOf: Ranking = [
  ["assisted-list"],
  ["social-insurance", "contract-filing"],
  ["officer"],
  ["work-ledger", "post-roster"],
];

const byEntity: Record<RegistryEntity, Ranking> = {
  person: correctedByHand,
  household: certified("assisted-list"),
  person_category: certified("assisted-list"),
  employment: [["officer"], ["work-ledger", "post-roster"], ["social-insurance", "contract-filing"], ["village-visit"]],
  contract: certified("contract-filing"),
  insurance_month: certified("social-insurance"),
  wage_month: certified("payroll"),
  other_record: [["officer"], ["other"]],
};

const byField: Readonly<Partial<Record<`${RegistryEntity}.${string}`, Ranking>>> = {
  "person.name": identityOf,
  "person.identity": identityOf,
  "person.sex": identityOf,
  "person.birth_date": identityOf,
  "person.ethnicity": identityOf,
  // 村划调整 and moves within the county are known to the village first; whoever writes last is believed.
  "person.home_region": [
    ["officer", "assisted-list", "work-ledger", "transfer"],
    ["post-roster", "village-visit"],
  ],
  "person.household_id": certified("assisted-list"),
  "person.relation_to_head": certified("assisted-list"),
  // The register keeps 弱劳力、半劳力 and illness by certificate, not by what somebody said at the door.
  "person.labour_capacity": certified("assisted-list"),
  "person.health": certified("assisted-list"),
  "person.job_willing": latestAnswer,
  "person.training_willing": latestAnswer,
  "person.desired_region": latestAnswer,
  "person.desired_job": latestAnswer,
  "person.address": [["officer"], ["village-visit"], ["work-ledger", "post-roster"], ["assisted-list"]],
  "person.residence_region": [["officer"], ["village-visit"], ["work-ledger", "post-roster"], ["assisted-list"]],
  // A filed contract states the day; a ledger often only the month. A post's roster is kept by who pays the post.
  "employment.start_date": [
    ["contract-filing"],
    ["officer"],
    ["post-roster"],
    ["work-ledger"],
    ["social-insurance"],
    ["village-visit"],
  ],
  // 社保减员 is the employer's own report of the end, ahead of what the village has heard.
  "employment.end_date": [
    ["social-insurance"],
    ["officer"],
    ["contract-filing", "post-roster"],
    ["work-ledger"],
    ["village-visit"],
  ],
  "employment.monthly_wage_fen": [
    ["payroll"],
    ["officer"],
    ["work-ledger", "post-roster"],
    ["contract-filing"],
    ["village-visit"],
  ],
};

export interface AuthorityRow {
  readonly entity: string;
  readonly field: string;
  readonly source: number;
  readonly rank: number;
}

/** A row for every field and source, so that set statements join without defaults. */
export function defaultAuthority(): AuthorityRow[] {
  const rows: AuthorityRow[] = [];
  for (const entity of registryEntities) {
    for (const field of Object.keys(registryFields[entity])) {
      const ranking = byField[`${entity}.${field}`] ?? byEntity[entity];
      for (const code of sourceCodes) {
        const group = ranking.findIndex((sources) => sources.includes(code));
        rows.push({ entity, field, source: sourceNumbers[code], rank: group < 0 ? ranking.length + 1 : group + 1 });
      }
    }
  }
  return rows;
}

export interface FieldAuthority {
  /** 1 is believed first; equal ranks: the newer value wins. */
  rank(entity: RegistryEntity, field: string, source: number): number;
  /**
   * Whether a value claimed by one source replaces the one held from another; if not, the two are for a person to compare.
   * Nothing held (null) is replaced by everybody.
   */
  replaces(entity: RegistryEntity, field: string, claimed: number, held: number | null): boolean;
}

const UNRANKED = 99;

/** Who is believed for which field, as this installation is configured (registry.field_authority). */
export async function fieldAuthority(tx: Tx): Promise<FieldAuthority> {
  const rows = await tx.selectFrom("registry.field_authority").selectAll().execute();
  const ranks = new Map(rows.map((row) => [`${row.entity}.${row.field}.${row.source}`, row.rank]));
  const rank: FieldAuthority["rank"] = (entity, field, source) => ranks.get(`${entity}.${field}.${source}`) ?? UNRANKED;
  return {
    rank,
    replaces: (entity, field, claimed, held) =>
      held === null || rank(entity, field, claimed) <= rank(entity, field, held),
  };
}

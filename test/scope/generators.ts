import fc from "fast-check";
import { auditKinds } from "../../src/audit/contract.ts";
import { duties } from "../../src/identity/contract.ts";
import { decisions, findingStates, severities } from "../../src/oversight/contract.ts";
import { differenceKinds, exportDifferences, ledgerKinds } from "../../src/ledger/contract.ts";
import { pairStates } from "../../src/duplicates/contract.ts";
import { exportRegisterRows, importStates } from "../../src/registers/contract.ts";
import { exportPersons } from "../../src/registry/contract.ts";
import {
  applicationViews,
  bankFormats,
  claimStates,
  letterFormats,
  payeeAnswers,
  pushStates,
  reviewKinds,
  reviewStates,
  templateKinds,
  differenceKinds as claimDifferenceKinds,
  differenceStates,
  noticeKinds,
  recoveryStates,
  unpaidAges,
  unpaidReasons,
} from "../../src/subsidies/contract.ts";
import { counties, places, villages, type IdKind, type World } from "./world.ts";

type Inputs = fc.Arbitrary<Record<string, unknown>>;
export type Generator = (world: World) => Inputs;

const nothing: Generator = () => fc.constant({});
const paging = { page: fc.constantFrom(1, 1, 2), size: fc.constantFrom(200, 50, 3) };
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
/** Any place of the country, inside somebody's area, around it or beside it. */
const region = fc.constantFrom<string>(
  "43",
  "62",
  places.prefecture,
  places.farPrefecture,
  ...counties,
  places.town,
  ...villages,
  places.elsewhere,
);
const anyId = (world: World, kind: IdKind) => fc.constantFrom(...world.ids[kind]);
const yesNo = fc.boolean().map(String);
const words = fc.constantFrom("秘", "测试", "工厂", "合作社", "E");
/** Unlike any secret, so that what the test writes is not taken for a leak. */
const written = fc.nat({ max: 1e9 }).map((number) => `新写${number}`);
const purpose = fc.constant("核对数据范围");

const one =
  (
    parameter: string,
    kind: IdKind,
    more: (world: World) => Record<string, fc.Arbitrary<unknown>> = () => ({}),
  ): Generator =>
  (world) =>
    fc.record({ [parameter]: anyId(world, kind), ...more(world) });
const batch = (more?: (world: World) => Record<string, fc.Arbitrary<unknown>>) => one("batchId", "batch", more);
const officer = (more?: (world: World) => Record<string, fc.Arbitrary<unknown>>) => one("officerId", "officer", more);
const fixed =
  (fields: Record<string, fc.Arbitrary<unknown>>): Generator =>
  () =>
    fc.record(fields);

const claimFilter = {
  rule: maybe(fc.constant("export-introduction")),
  fund: maybe(fc.constant("就业专项资金")),
  region: maybe(region),
  search: maybe(words),
};
const claimState = fc.constantFrom("open", ...claimStates);
/** Some by number, or all that a filter shows. */
const someClaims =
  (more: (world: World) => Record<string, fc.Arbitrary<unknown>> = () => ({})): Generator =>
  (world) =>
    fc.oneof(
      fc.record({
        claimIds: fc.uniqueArray(anyId(world, "claim"), { minLength: 1, maxLength: 2 }),
        note: written,
        ...more(world),
      }),
      fc.record({
        all: fc.record({ state: fc.constantFrom(...claimStates), region: maybe(region) }),
        note: written,
        ...more(world),
      }),
    );
const someDifferences =
  (more: () => Record<string, fc.Arbitrary<unknown>> = () => ({})): Generator =>
  (world) =>
    fc.record({
      differenceIds: fc.uniqueArray(anyId(world, "difference"), { minLength: 1, maxLength: 2 }),
      ...more(),
    });
const claimDifferenceFilter = {
  state: fc.constantFrom(...differenceStates),
  kind: maybe(fc.constantFrom(...claimDifferenceKinds)),
  rule: maybe(fc.constant("export-introduction")),
  region: maybe(region),
  search: maybe(words),
};
const recovery = (more: () => Record<string, fc.Arbitrary<unknown>> = () => ({})) =>
  one("recoveryId", "recovery", () => ({ lock: fc.constantFrom(1, 2, 3), ...more() }));
const recoveryFilter = {
  state: fc.constantFrom("open", ...recoveryStates),
  region: maybe(region),
  search: maybe(words),
  overdue: maybe(yesNo),
};
/** Longer than most texts must be. */
const wordy = fc.nat({ max: 1e9 }).map((number) => `新写的一句话${number}，足够长`);
const unpaidFilter = {
  reason: maybe(fc.constantFrom(...unpaidReasons)),
  age: maybe(fc.constantFrom(...unpaidAges)),
  rule: maybe(fc.constant("export-introduction")),
  region: maybe(region),
};
/** What an auditor may trace: claims and funds of every place, and what leads to many. */
const traced = (world: World) =>
  fc.oneof(
    fc.tuple(fc.constantFrom(...counties), anyId(world, "claim")).map(([county, claim]) => `BT${county}-${claim}`),
    fc
      .tuple(fc.constantFrom(...counties), anyId(world, "paymentBatch"))
      .map(([county, batch]) => `FF${county}-${batch}/1`),
    anyId(world, "fundLine").map((line) => `额度:${line}`),
    anyId(world, "person").map((person) => `人员:${person}`),
    fc.constantFrom("规则:export-introduction", "文件:hn-2021-10"),
  );
const inspection = (more: Record<string, fc.Arbitrary<unknown>>) =>
  one("itemId", "inspection", () => ({ lock: fc.constantFrom(1, 2), ...more }));
const templateWording = {
  kind: fc.constantFrom(...templateKinds),
  title: written,
  body: written.map((text) => `{姓名}{项目}{编号}{理由}{依据}{救济}{金额}：${text}`),
};
const paymentBatch = (more: () => Record<string, fc.Arbitrary<unknown>> = () => ({})) =>
  one("batchId", "paymentBatch", () => ({ lock: fc.constantFrom(1, 2, 3), ...more() }));

const application = (more?: (world: World) => Record<string, fc.Arbitrary<unknown>>) =>
  one("applicationId", "application", more);
const ofFile = (world: World) => ({ fileId: anyId(world, "applicationFile") });
const asked = { rules: fc.constant(["transport-allowance"]) };
const taken = { way: fc.constantFrom("counter", "visit"), agent: written };
const prepaidRule = fc.constantFrom("transport-allowance", "export-introduction");

const personFilter = {
  name: maybe(words),
  region: maybe(region),
  workStates: maybe(fc.constantFrom("working", "to-verify")),
  categories: maybe(fc.constant("lifted-from-poverty")),
  jobWilling: maybe(fc.constantFrom("yes", "no", "unset")),
  sort: fc.constantFrom("region", "name", "age", "recorded"),
};
const differenceFilter = {
  region: maybe(region),
  kind: maybe(fc.constantFrom(...differenceKinds)),
  name: maybe(words),
};
const auditFilter = {
  officer: maybe(words),
  kind: maybe(fc.constantFrom(...auditKinds)),
  act: maybe(words),
  subject: maybe(words),
  region: maybe(region),
};
const assignment = (world: World) => ({
  name: written,
  organisationId: anyId(world, "organisation"),
  region,
  duties: fc.constantFrom(...duties).map((duty) => [duty]),
});
const employer = { name: written, region: maybe(region).map((code) => code ?? null), kind: fc.constant("enterprise") };
const rulePath = fc.constantFrom(
  "policies/measures/export-introduction/430000.yaml",
  "policies/measures/export-introduction/620000.yaml",
);
const version = (more?: (world: World) => Record<string, fc.Arbitrary<unknown>>) => one("versionId", "version", more);
const ruleText = { path: rulePath, source: written.map((text) => `title: ${text}\n`), cases: fc.constant(null) };
const cell = fc.record({
  sheet: fc.constant(0),
  rowNo: fc.nat({ max: 3 }),
  field: fc.constant("name"),
  value: written,
});

const findingFilter = {
  severity: maybe(fc.constantFrom(...severities)),
  region: maybe(region),
  owner: maybe(fc.constantFrom("mine", "nobody")),
  overdue: maybe(yesNo),
  state: fc.constantFrom("open", ...findingStates),
};
const finding = (more: (world: World) => Record<string, fc.Arbitrary<unknown>>) =>
  one("findingId", "finding", (world) => ({ lock: fc.constantFrom(1, 2, 3), ...more(world) }));

const register = fc.constantFrom("trial-agencies", "trial-stays", "trial-records");
const rowFilter = (world: World) => ({
  register,
  text: maybe(words),
  region: maybe(region),
  person: maybe(anyId(world, "person")),
  sort: maybe(fc.constantFrom("code", "-recorded", "kept-by")),
});
const registerRow = (more: (world: World) => Record<string, fc.Arbitrary<unknown>> = () => ({})) =>
  one("rowId", "registerRow", (world) => ({ register, ...more(world) }));
/** For whichever register it is: what one does not have is refused. */
const rowValues = (world: World) =>
  fc.oneof(
    fc.record({ code: written, name: written, kind: fc.constant("合作社") }),
    fc.record({
      code: written,
      person_id: anyId(world, "person").map((id) => `id:${id}`),
      agency_id: fc.oneof(
        anyId(world, "registerRow").map((id) => `id:${id}`),
        words,
      ),
      employer_id: maybe(anyId(world, "employer").map((id) => `id:${id}`)).map((id) => id ?? null),
      county: maybe(region).map((code) => code ?? null),
      started_on: fc.constant("2025-05-01"),
      ended_on: fc.constant("2025-05-02"),
    }),
  );

const wish = {
  field: fc.constantFrom("skills", "address", "other"),
  proposed: written,
  reason: written,
};
const closedMonth = fc.constantFrom("2025-04", "2025-04", "2025-05", "2025-03");
const report = (world: World) => ({ region, month: closedMonth, closingId: maybe(anyId(world, "closing")) });

/** For every route: what officers may ask of it, whether it is theirs or not. A route without an entry fails the test. */
export const generators: Readonly<Record<string, Generator>> = {
  "GET /api/registry/regions/children": fixed({ parent: maybe(region), reach: fc.constantFrom("scope", "anywhere") }),
  "GET /api/registry/regions/search": fixed({ text: words, reach: fc.constantFrom("scope", "anywhere") }),
  "GET /api/registry/regions/:code/path": fixed({ code: region }),
  "GET /api/registry/region-aliases": fixed({ ...paging, text: maybe(words), region: maybe(region) }),
  "POST /api/registry/region-aliases": fixed({ alias: written, code: region }),
  "DELETE /api/registry/region-aliases/:aliasId": one("aliasId", "alias"),

  "GET /api/registry/persons": fixed({ ...paging, ...personFilter }),
  "GET /api/registry/persons.xlsx": fixed({ ...personFilter, purpose }),
  "POST /api/registry/find": (world) =>
    fc.record({
      text: fc.oneof(
        words.map((word) => `${word}秘`.slice(0, 2)),
        fc.constantFrom(...world.texts),
        fc.constantFrom("测试village 秘", "秘 测试"),
      ),
    }),
  "GET /api/registry/persons/:personId": one("personId", "person"),
  "GET /api/registry/persons/:personId/changes": one("personId", "person", () => paging),
  "POST /api/registry/persons/:personId/unmask": one("personId", "person", () => ({
    field: fc.constantFrom("identity", "phone", "bank-account"),
    purpose,
  })),
  "POST /api/registry/persons/:personId/cells": one("personId", "person", () => ({
    version: fc.constant(1),
    cells: written.map((value) => [{ field: "skills", value }]),
    note: written,
  })),
  "GET /api/registry/cards": fixed({
    ...paging,
    ground: fc.constantFrom("work", "residence", "insurance"),
    region: maybe(region),
    name: maybe(words),
  }),
  "GET /api/registry/households/:householdId": one("householdId", "household"),

  "GET /api/registry/comparisons": (world) =>
    fc.record({ ...paging, region: maybe(region), overdue: yesNo, batchId: maybe(anyId(world, "batch")) }),
  "GET /api/registry/comparisons/counts": fixed({ region: maybe(region) }),
  "GET /api/registry/comparisons/villages": fixed(paging),
  "GET /api/registry/colleagues": nothing,
  "POST /api/registry/comparisons/owner": (world) =>
    fc.record({
      comparisonIds: fc.array(anyId(world, "comparison"), { minLength: 1, maxLength: 2 }),
      act: fc.constantFrom("claim", "return", "assign"),
      officerId: anyId(world, "officer"),
    }),
  "POST /api/registry/comparisons/decide": (world) =>
    fc.record({
      comparisonIds: fc.uniqueArray(anyId(world, "comparison"), { minLength: 1, maxLength: 2 }),
      act: fc.constantFrom("keep", "adopt"),
      note: written,
    }),

  "GET /api/registry/employers": fixed({
    ...paging,
    text: maybe(words),
    region: maybe(region),
    sort: fc.constantFrom("name", "workers"),
  }),
  "POST /api/registry/employers": fixed(employer),
  "GET /api/registry/employers/:employerId": one("employerId", "employer"),
  "PUT /api/registry/employers/:employerId": one("employerId", "employer", () => ({
    version: fc.constantFrom(1, 2),
    ...employer,
  })),
  "GET /api/registry/employers/:employerId/workers": one("employerId", "employer", () => paging),
  "GET /api/registry/employer-names": fixed({ ...paging, text: maybe(words) }),
  "GET /api/registry/employer-names/suggestions": fixed({
    name: fc.constantFrom("秘合作社", "测试外省公司", "某某工厂"),
  }),
  "POST /api/registry/employer-names/link": one("employerId", "employer", (world) => ({
    nameKeys: fc.uniqueArray(anyId(world, "nameKey"), { minLength: 1, maxLength: 2 }),
  })),
  "POST /api/registry/employer-names/unlink": one("employerId", "employer", (world) => ({
    nameKey: anyId(world, "nameKey"),
  })),

  "POST /api/identity/sign-in": (world) =>
    fc.record({
      login: fc.constantFrom(...world.officers.map(({ login }) => login)),
      password: fc.constant("not the password"),
    }),
  "POST /api/identity/sign-out": nothing,
  "GET /api/identity/me": nothing,
  "POST /api/identity/password": fixed({
    current: fc.constant("not the password"),
    next: fc.constant("Another-password-7"),
  }),
  "GET /api/identity/organisations": fixed({
    ...paging,
    text: maybe(words),
    region: maybe(region),
    active: maybe(fc.constantFrom("yes", "no")),
  }),
  "POST /api/identity/organisations": fixed({ name: written, department: fc.constant("human-resources"), region }),
  "PUT /api/identity/organisations/:organisationId": one("organisationId", "organisation", () => ({
    name: written,
    department: fc.constant("finance"),
  })),
  "PUT /api/identity/organisations/:organisationId/active": one("organisationId", "organisation", () => ({
    active: fc.boolean(),
  })),
  "GET /api/identity/officers": (world) =>
    fc.record({
      ...paging,
      text: maybe(words),
      organisationId: maybe(anyId(world, "organisation")),
      region: maybe(region),
      duty: maybe(fc.constantFrom(...duties)),
      sort: fc.constantFrom("name", "login", "last-sign-in", "created"),
    }),
  "POST /api/identity/officers": (world) =>
    fc.record({ ...assignment(world), login: fc.nat({ max: 1e9 }).map((number) => `new${number}`) }),
  "PUT /api/identity/officers/:officerId/assignment": officer(assignment),
  "POST /api/identity/officers/:officerId/password-reset": officer(),
  "POST /api/identity/officers/:officerId/sign-out": officer(),
  "POST /api/identity/officers/:officerId/lock": officer(),
  "POST /api/identity/officers/:officerId/unlock": officer(),
  "POST /api/identity/officers/:officerId/deactivate": officer(),
  "POST /api/identity/officers/:officerId/activate": officer(),

  "GET /api/audit/seals": fixed({}),
  "POST /api/audit/verifications": fixed({}),
  "GET /api/audit/verifications/tasks/:taskId": fixed({ taskId: fc.nat({ max: 20 }).map(String) }),
  "GET /api/operations": fixed({}),
  "GET /api/operations/slow-statements": fixed({ ...paging, hours: fc.constantFrom(1, 24) }),
  "GET /api/privacy/fields": fixed({
    ...paging,
    sensitivity: maybe(fc.constantFrom("ordinary", "sensitive", "consent")),
    text: maybe(words),
  }),
  "GET /api/privacy/retention": nothing,
  "GET /api/privacy/preview": fixed(paging),
  "POST /api/privacy/preview": nothing,
  "POST /api/privacy/settings": fixed({
    period: fc.constantFrom("spell", "person", "audit"),
    length: fc.integer({ min: 1, max: 400 }),
    reason: written,
  }),
  "POST /api/privacy/settings/:settingId/decision": fixed({
    settingId: fc.constantFrom("1", "2", "3"),
    act: fc.constantFrom("approve", "refuse"),
    note: written,
  }),
  "POST /api/privacy/settings/:settingId/withdrawal": fixed({ settingId: fc.constantFrom("1", "2") }),
  "POST /api/privacy/runs": nothing,
  "GET /api/privacy/runs": fixed(paging),
  "GET /api/privacy/runs/:runId/certificate": one("runId", "retentionRun", () => paging),
  "GET /api/privacy/runs/:runId/certificate.xlsx": one("runId", "retentionRun", () => ({ purpose })),
  "GET /api/privacy/tasks/:taskId": one("taskId", "task"),
  "GET /api/privacy/requests": fixed({ ...paging, state: maybe(fc.constantFrom("waiting", "done")) }),
  "GET /api/privacy/requests/:requestId/kept": one("requestId", "erasureRequest"),
  "POST /api/privacy/requests/:requestId/decision": one("requestId", "erasureRequest", () => ({
    act: fc.constantFrom("approve", "refuse"),
    answer: written,
  })),
  "GET /api/citizen/privacy": nothing,
  "POST /api/citizen/consents": fixed({ kind: fc.constantFrom("health", "voice"), given: fc.boolean() }),
  "POST /api/citizen/erasures": fixed({ reason: written }),
  "POST /api/citizen/erasures/:requestId/withdraw": one("requestId", "erasureRequest"),

  "GET /api/backup": fixed({}),
  "POST /api/backup/runs": fixed({}),
  "POST /api/backup/key-versions": fixed({}),
  "GET /api/backup/tasks/:taskId": fixed({ taskId: fc.nat({ max: 20 }).map(String) }),
  "GET /api/identity/grants": fixed({ ...paging, state: maybe(fc.constantFrom("waiting", "approved")) }),
  "POST /api/identity/grants/:proposalId/approve": one("proposalId", "proposal"),
  "POST /api/identity/grants/:proposalId/refuse": one("proposalId", "proposal", () => ({ reason: written })),
  "POST /api/identity/grants/:proposalId/withdraw": one("proposalId", "proposal"),
  "GET /api/identity/security": nothing,
  "POST /api/identity/second-factor": fixed({ password: fc.constant("not the password") }),
  "POST /api/identity/second-factor/confirmation": fixed({ code: fc.constant("123456") }),
  "POST /api/identity/second-factor/removal": fixed({
    password: fc.constant("not the password"),
    code: fc.constant("123456"),
  }),
  "POST /api/identity/sign-in/second-factor": fixed({ code: fc.constant("123456") }),
  "POST /api/identity/sessions/:sessionId/end": fixed({ sessionId: fc.constantFrom("1", "2", "77") }),
  "POST /api/identity/sessions/end-others": nothing,
  "POST /api/identity/officers/:officerId/second-factor-reset": officer(),
  "GET /api/identity/second-factor-rules": nothing,
  "POST /api/identity/second-factor-rules": (world) =>
    fc.oneof(
      fc.record({ duty: fc.constantFrom(...duties), region }),
      fc.record({ organisationId: anyId(world, "organisation") }),
    ),
  "POST /api/identity/second-factor-rules/:ruleId/removal": one("ruleId", "factorRule"),
  "POST /api/identity/single-sign-on": nothing,
  "POST /api/identity/single-sign-on/return": fixed({ code: fc.constant("none"), state: fc.constant("none") }),
  "GET /api/identity/links": fixed({ ...paging, state: maybe(fc.constantFrom("waiting", "approved")) }),
  "POST /api/identity/links/:linkId/decision": one("linkId", "signOnLink", () => ({ approve: fc.boolean() })),

  // Officers have no scope *self*: every account's route refuses them. Accounts among themselves: src/citizens.
  "POST /api/citizen/code": fixed({ phone: fc.constant("13900000000") }),
  "POST /api/citizen/sign-in": fixed({ phone: fc.constant("13900000000"), code: fc.constant("000000") }),
  "POST /api/citizen/sign-out": nothing,
  "GET /api/citizen/me": nothing,
  "POST /api/citizen/real-name": fixed({ name: words, identity: fc.constant("110101199001010010") }),
  "POST /api/citizen/acting": (world) => fc.record({ employerId: anyId(world, "employer") }),
  "GET /api/citizen/data": nothing,
  "GET /api/citizen/openings": fixed(paging),
  "GET /api/citizen/corrections": fixed(paging),
  "POST /api/citizen/corrections": fixed(wish),
  "POST /api/citizen/corrections/with-evidence": fixed(wish),
  "POST /api/citizen/corrections/:correctionId/withdraw": one("correctionId", "correction"),
  "GET /api/citizen/mandates": nothing,
  "POST /api/citizen/mandates/:mandateId/revoke": one("mandateId", "mandate"),
  "POST /api/citizen/link": fixed({ token: fc.constant("A".repeat(43)) }),
  "POST /api/citizen/link/bind": fixed({ token: fc.constant("A".repeat(43)) }),
  "POST /api/citizen/link/correction": fixed({ token: fc.constant("A".repeat(43)), ...wish }),
  "POST /api/citizen/benefit-link": fixed({ token: fc.constant("A".repeat(43)) }),
  "POST /api/citizen/benefit-link/answer": fixed({
    token: fc.constant("A".repeat(43)),
    lastSix: fc.constant("00001X"),
    answer: fc.constantFrom(...payeeAnswers),
    said: written,
  }),
  "POST /api/citizen/progress": fixed({
    number: fc.constantFrom("BT433124-00000001", "BT433125-00000002"),
    lastSix: fc.constant("00001X"),
  }),
  "GET /api/citizen/benefits": fixed(paging),
  "GET /api/citizen/benefits/:claimId": one("claimId", "claim"),
  "GET /api/citizen/benefits/:claimId/uncounted": one("claimId", "claim", () => paging),
  "POST /api/citizen/benefits/:claimId/answer": one("claimId", "claim", () => ({
    answer: fc.constantFrom(...payeeAnswers),
    said: written,
  })),
  "POST /api/citizen/benefits/:claimId/supply": one("claimId", "claim", () => ({ said: written })),
  "POST /api/citizen/benefits/:claimId/withdraw": one("claimId", "claim"),
  "POST /api/citizen/messages": fixed({ wanted: fc.boolean() }),
  "POST /api/citizen/benefits/:claimId/reviews": one("claimId", "claim", () => ({
    kind: fc.constantFrom(...reviewKinds),
    content: written,
  })),
  "POST /api/citizen/reviews/:reviewId/withdraw": one("reviewId", "review"),
  "GET /api/citizen/letters/:letterId": one("letterId", "letter"),
  "POST /api/citizen/enterprise": fixed({ creditCode: fc.constant("91433124MA4L0QYC0X") }),
  "GET /api/citizen/enterprise": nothing,
  "POST /api/citizen/enterprise/invitations": fixed({
    phone: fc.constant("13900000000"),
    name: written,
    role: fc.constant("clerk"),
  }),
  "POST /api/citizen/invitations/:memberId": one("memberId", "member", () => ({ accept: fc.boolean() })),
  "POST /api/citizen/enterprise/members/:memberId/end": one("memberId", "member"),

  "GET /api/corrections": fixed({
    ...paging,
    region: maybe(region),
    state: maybe(fc.constantFrom("waiting", "refused")),
    late: maybe(yesNo),
  }),
  "GET /api/corrections/counts": nothing,
  "POST /api/corrections/:correctionId/accept": one("correctionId", "correction", () => ({ answer: written })),
  "POST /api/corrections/:correctionId/refuse": one("correctionId", "correction", () => ({ answer: written })),
  "GET /api/corrections/:correctionId/evidence": one("correctionId", "correction"),
  "GET /api/citizens/persons/:personId": one("personId", "person"),
  "POST /api/citizens/persons/:personId/mandates": one("personId", "person", () => ({
    authority: fc.constant("written"),
    authorisedOn: fc.constant("2025-06-01"),
    validFrom: fc.constant("2025-06-01"),
    validTo: fc.constant("2025-12-31"),
  })),
  "POST /api/citizens/mandates/:mandateId/end": one("mandateId", "mandate"),
  "POST /api/citizens/mandates/:mandateId/corrections": one("mandateId", "mandate", () => wish),
  "POST /api/citizens/persons/:personId/links": one("personId", "person", () => ({
    purpose: fc.constantFrom("bind-account", "correction"),
    reason: written,
  })),
  "POST /api/citizens/links/:linkId/revoke": one("linkId", "personLink"),
  "GET /api/citizens/representatives": fixed({ ...paging, state: maybe(fc.constantFrom("asked", "active")) }),
  "POST /api/citizens/representatives/:memberId/decision": one("memberId", "member", () => ({
    approve: fc.boolean(),
    answer: written,
  })),
  "GET /api/citizens/representatives/:memberId/evidence": one("memberId", "member"),

  "GET /api/audit/entries": fixed({ ...paging, ...auditFilter }),
  "GET /api/audit/entries/export": fixed({ ...auditFilter, purpose }),

  "GET /api/ledger/batches": fixed({
    ...paging,
    kind: maybe(fc.constantFrom(...ledgerKinds)),
    month: maybe(fc.constant("2025-05")),
  }),
  "POST /api/ledger/batches": fixed({
    kind: fc.constantFrom("work-ledger", "social-insurance"),
    month: fc.constant("2025-05"),
    sender: written,
    coverage: maybe(region).map((code) => code ?? ""),
    complete: yesNo,
  }),
  "GET /api/ledger/batches/:batchId": batch(),
  "GET /api/ledger/batches/:batchId/mapping": batch(),
  "PUT /api/ledger/batches/:batchId/mapping": batch(() => ({
    sheets: fc.constant([{ sheet: 0, used: true, columns: [{ column: 0, field: "name" }] }]),
  })),
  "GET /api/ledger/batches/:batchId/fault-counts": batch(),
  "GET /api/ledger/batches/:batchId/faults": batch(() => ({
    ...paging,
    severity: maybe(fc.constantFrom("waiting", "notice")),
  })),
  "POST /api/ledger/batches/:batchId/repairs": batch(() => ({
    cells: fc.array(cell, { maxLength: 2 }),
    suggested: fc.constant([]),
    acceptSuggestionsOf: maybe(fc.constant("phone-invalid")),
  })),
  "GET /api/ledger/batches/:batchId/marked": batch(),
  "POST /api/ledger/batches/:batchId/mended": batch(),
  "GET /api/ledger/batches/:batchId/differences": batch(() => ({ ...paging, ...differenceFilter })),
  "GET /api/ledger/batches/:batchId/difference-counts": batch(() => ({ under: maybe(region) })),
  "GET /api/ledger/batches/:batchId/differences.xlsx": batch(() => ({ ...differenceFilter, purpose })),
  "POST /api/ledger/batches/:batchId/decisions": batch(() => ({
    differenceIds: fc.constant([1, 2, 3, 4, 5]),
    filter: maybe(fc.record(differenceFilter)),
    decision: fc.constantFrom("adopt", "leave"),
  })),
  "GET /api/ledger/batches/:batchId/preview": batch(),
  "POST /api/ledger/batches/:batchId/apply": batch(),
  "POST /api/ledger/batches/:batchId/approve-vanished": batch(),
  "GET /api/ledger/batches/:batchId/undo-preview": batch(),
  "POST /api/ledger/batches/:batchId/undo": batch(),
  "POST /api/ledger/batches/:batchId/discard": batch(),
  "GET /api/ledger/tasks/:taskId": one("taskId", "task"),
  "GET /api/ledger/progress": fixed({
    month: fc.constant("2025-05"),
    kind: fc.constantFrom("work-ledger", "social-insurance"),
  }),

  "GET /api/months": fixed({ month: maybe(closedMonth) }),
  "GET /api/months/calendar": fixed({ month: maybe(closedMonth) }),
  "GET /api/months/reminders": nothing,
  "GET /api/months/:region/:month": fixed({ region, month: closedMonth }),
  "POST /api/months/:region/:month/submit": fixed({
    region,
    month: closedMonth,
    missing: fc.uniqueArray(region, { maxLength: 2 }),
    note: written,
  }),
  "POST /api/months/acknowledge": fixed({
    month: closedMonth,
    regions: fc.uniqueArray(region, { minLength: 1, maxLength: 2 }),
  }),
  "POST /api/months/:region/:month/return": fixed({ region, month: closedMonth, reason: written }),
  "POST /api/months/:region/:month/reopen": fixed({ region, month: closedMonth, reason: written }),
  "GET /api/months/:region/:month/report": (world) => fc.record(report(world)),
  "GET /api/months/:region/:month/report/people": (world) =>
    fc.record({ ...report(world), ...paging, list: fc.constantFrom("entered", "gone", "adjusted") }),
  // The text of the other two lies compressed; all three write the same document.
  "GET /api/months/:region/:month/report/:format": (world) =>
    fc.record({ ...report(world), format: fc.constant("xlsx") }),

  "GET /api/registers": nothing,
  "GET /api/registers/:register": fixed({ register }),
  "GET /api/registers/:register/rows": (world) => fc.record({ ...rowFilter(world), ...paging }),
  "GET /api/registers/:register/rows.xlsx": (world) => fc.record({ ...rowFilter(world), purpose }),
  "GET /api/registers/:register/template.xlsx": fixed({ register }),
  "GET /api/registers/:register/rows/:rowId": registerRow(),
  "GET /api/registers/:register/rows/:rowId/changes": registerRow(),
  "POST /api/registers/:register/rows": (world) => fc.record({ register, values: rowValues(world), reason: written }),
  "PUT /api/registers/:register/rows/:rowId": registerRow((world) => ({
    version: fc.constantFrom(1, 2),
    values: rowValues(world),
    reason: written,
  })),
  "POST /api/registers/:register/rows/:rowId/removal": registerRow(() => ({
    version: fc.constantFrom(1, 2),
    reason: written,
  })),
  "GET /api/register-rows/of-person/:personId": one("personId", "person"),
  "POST /api/registers/:register/imports": fixed({ register }),
  "GET /api/register-imports": fixed({
    ...paging,
    register: maybe(register),
    state: maybe(fc.constantFrom(...importStates)),
    waiting: maybe(fc.constant("true")),
  }),
  "GET /api/register-imports/:importId": one("importId", "import"),
  "GET /api/register-imports/:importId/faults": one("importId", "import", () => paging),
  "GET /api/register-imports/:importId/faulty-rows.xlsx": one("importId", "import"),
  "PUT /api/register-imports/:importId/mapping": one("importId", "import", () => ({
    sheets: fc.constant([{ sheet: 0, used: true, columns: [{ column: 1, field: "code" }] }]),
  })),
  "POST /api/register-imports/:importId/apply": one("importId", "import"),
  "POST /api/register-imports/:importId/undo": one("importId", "import"),
  "POST /api/register-imports/:importId/discard": one("importId", "import"),
  "GET /api/register-tasks/:taskId": one("taskId", "task"),
  "GET /api/policy/rules": fixed({
    kind: maybe(fc.constantFrom("measure", "parameter")),
    region: maybe(region),
    date: maybe(fc.constant("2024-06-18")),
    words: maybe(words),
  }),
  "GET /api/policy/rules/:versionId": version(),
  "GET /api/policy/rules/:versionId/file": version(),
  "GET /api/policy/tasks/:taskId": one("taskId", "task"),
  "GET /api/policy/vocabulary": nothing,
  "POST /api/policy/check": (world) => fc.record({ ...ruleText, personId: maybe(anyId(world, "person")) }),
  "POST /api/policy/drafts": (world) => fc.record({ ...ruleText, versionId: maybe(anyId(world, "version")) }),
  "POST /api/policy/drafts/import": fixed({ path: rulePath }),
  "POST /api/policy/rules/:versionId/propose": version(),
  "POST /api/policy/rules/:versionId/return": version(() => ({ reason: written })),
  "POST /api/policy/rules/:versionId/publish": version(() => ({ reason: maybe(written) })),
  "POST /api/policy/rules/:versionId/withdraw": version(),
  "GET /api/policy/results": (world) =>
    fc.record({ ...paging, region: maybe(region), versionId: maybe(anyId(world, "version")) }),
  "GET /api/policy/results/export": (world) =>
    fc.record({
      region: maybe(region),
      versionId: maybe(anyId(world, "version")),
      format: fc.constantFrom("xlsx", "csv"),
      purpose,
    }),
  "GET /api/policy/results/summary": fixed({ region: maybe(region) }),
  "POST /api/policy/screen": (world) => fc.record({ versionId: maybe(anyId(world, "version")) }),
  "GET /api/policy/persons/:personId/entitlements": one("personId", "person"),
  "GET /api/policy/parameters": fixed({ words: maybe(words) }),
  "POST /api/policy/parameters": fixed({
    parameter: fc.constantFrom("minimum-wage-monthly", "training-standard"),
    region: fc.constantFrom("439800", "439801", "629800", "449801"),
    forCase: fc.constant(null),
    value: fc.integer({ min: 1, max: 1e6 }),
    from: fc.constant("2025-01-01"),
    to: fc.constant(null),
    document: written,
    documentDate: fc.constant(null),
  }),
  "POST /api/policy/parameters/:settingId/remove": one("settingId", "setting"),
  "POST /api/policy/simulations": version(() => ({ region: maybe(region) })),
  "GET /api/policy/simulations": fixed({ ...paging }),
  "GET /api/policy/simulations/:simulationId": one("simulationId", "simulation"),
  "GET /api/policy/simulations/:simulationId/report.xlsx": one("simulationId", "simulation"),

  "GET /api/duplicates/pairs": fixed({
    ...paging,
    region: maybe(region),
    state: fc.constantFrom(...pairStates),
    band: maybe(fc.constantFrom("likely", "possible")),
    across: maybe(yesNo),
    owner: maybe(fc.constantFrom("mine", "nobody")),
  }),
  "GET /api/duplicates/pairs/counts": fixed({ region: maybe(region) }),
  "GET /api/duplicates/pairs/:pairId": one("pairId", "pair"),
  "POST /api/duplicates/pairs/differ": (world) =>
    fc.record({ pairIds: fc.array(anyId(world, "pair"), { minLength: 1, maxLength: 2 }), note: written }),
  "POST /api/duplicates/pairs/owner": (world) =>
    fc.record({
      pairIds: fc.array(anyId(world, "pair"), { minLength: 1, maxLength: 2 }),
      act: fc.constantFrom("claim", "return", "assign"),
      officerId: anyId(world, "officer"),
    }),
  "POST /api/duplicates/pairs/:pairId/swap": one("pairId", "pair", () => ({ note: written })),
  "POST /api/duplicates/pairs/:pairId/merge": one("pairId", "pair", (world) => ({
    survivorId: anyId(world, "person"),
    note: written,
  })),
  "POST /api/duplicates/pairs/:pairId/transfer": one("pairId", "pair", () => ({
    keeps: fc.constantFrom("asking", "asked"),
    note: written,
  })),
  "POST /api/duplicates/match": nothing,
  "GET /api/duplicates/tasks/:taskId": one("taskId", "task"),
  "GET /api/duplicates/merges": fixed({ ...paging }),
  "GET /api/duplicates/merges/:mergeId": one("mergeId", "merge"),
  "POST /api/duplicates/merges/:mergeId/decide": one("mergeId", "merge", () => ({
    act: fc.constantFrom("confirm", "reject"),
    note: written,
  })),
  "POST /api/duplicates/merges/:mergeId/undo": one("mergeId", "merge", () => ({ note: written })),
  "POST /api/duplicates/transfers": (world) =>
    fc.record({
      name: fc.constantFrom(...world.texts),
      number: fc.constantFrom(...world.texts),
      region,
      note: written,
    }),
  "GET /api/duplicates/transfers": fixed({ ...paging, box: fc.constantFrom("received", "sent") }),
  "GET /api/duplicates/transfers/counts": nothing,
  "GET /api/duplicates/transfers/:transferId": one("transferId", "transfer"),
  "POST /api/duplicates/transfers/:transferId/answer": one("transferId", "transfer", () => ({
    act: fc.constantFrom("consent", "refuse", "withdraw"),
    note: written,
  })),
  "GET /api/duplicates/contact": nothing,
  "PUT /api/duplicates/contact": fixed({ office: written, personName: written, phone: fc.constant("0743-7654321") }),
  "GET /api/monitored/persons": fixed({
    ...paging,
    region: maybe(region),
    stage: maybe(fc.constantFrom("found", "employed")),
  }),
  "GET /api/monitored/counts": fixed({ region: maybe(region) }),
  "GET /api/monitored/persons.xlsx": fixed({ region: maybe(region), purpose }),
  "GET /api/monitored/persons/:personId": one("personId", "person"),
  "GET /api/subsidies/claims": fixed({ ...paging, ...claimFilter, state: claimState }),
  "GET /api/subsidies/claims/counts": fixed({ region: maybe(region) }),
  "GET /api/subsidies/claims.xlsx": fixed({ ...claimFilter, state: claimState, purpose }),
  "GET /api/subsidies/claims/:claimId": one("claimId", "claim"),
  "GET /api/subsidies/claims/:claimId/items": one("claimId", "claim", () => paging),
  "GET /api/subsidies/claims/:claimId/uncounted": one("claimId", "claim", () => paging),
  "GET /api/subsidies/persons/:personId/claims": one("personId", "person"),
  "POST /api/subsidies/claims/confirm": someClaims(() => ({ agent: written })),
  "POST /api/subsidies/claims/accept": someClaims(),
  "POST /api/subsidies/claims/return": someClaims(),
  "POST /api/subsidies/claims/supply": someClaims(),
  "POST /api/subsidies/claims/check": someClaims(),
  "POST /api/subsidies/claims/withdraw": someClaims(),
  "POST /api/subsidies/claims/send-back": someClaims(),
  "POST /api/subsidies/claims/refuse": someClaims(),
  "POST /api/subsidies/claims/reopen": someClaims(),
  "POST /api/subsidies/claims/close": someClaims(),
  "POST /api/subsidies/claims/endorse": someClaims(),
  "POST /api/subsidies/claims/approve": someClaims((world) => ({ fundLineId: maybe(anyId(world, "fundLine")) })),
  "POST /api/subsidies/claims/:claimId/account": one("claimId", "claim", () => ({
    holder: written,
    bank: written,
    account: fc.constant("6217000000009999"),
  })),
  "GET /api/subsidies/claims/:claimId/application": one("claimId", "claim"),
  "GET /api/subsidies/applications": fixed({
    ...paging,
    view: fc.constantFrom(...applicationViews),
    search: maybe(words),
  }),
  "GET /api/subsidies/applications/counts": nothing,
  "GET /api/subsidies/applications/offers/:personId": one("personId", "person"),
  "GET /api/subsidies/applications/elsewhere": fixed({ region }),
  "POST /api/subsidies/applications/of-person": one("personId", "person", () => ({ ...asked, ...taken })),
  "POST /api/subsidies/applications/elsewhere": fixed({
    name: written,
    identity: fc.constant("11010519491231002X"),
    paysRegion: fc.constantFrom("430102", ...counties),
    ...asked,
    ...taken,
  }),
  "GET /api/subsidies/applications/:applicationId": application(),
  "POST /api/subsidies/applications/:applicationId/statements": application(() => ({ statements: fc.constant({}) })),
  "POST /api/subsidies/applications/:applicationId/files": application(() => ({ material: written })),
  "POST /api/subsidies/applications/:applicationId/files/remove": application(ofFile),
  "GET /api/subsidies/applications/:applicationId/files/:fileId": application(ofFile),
  "POST /api/subsidies/applications/:applicationId/submit": application(() => ({ declared: fc.constant(true) })),
  "POST /api/subsidies/applications/:applicationId/drop": application(),
  "POST /api/subsidies/applications/:applicationId/withdraw": application(),
  "POST /api/subsidies/applications/:applicationId/receive": application(),
  "POST /api/subsidies/applications/:applicationId/return": application(() => ({ reason: written })),
  "POST /api/subsidies/applications/:applicationId/look-again": application(),
  "POST /api/subsidies/applications/:applicationId/refuse": application((world) => ({
    lineId: anyId(world, "applicationLine"),
    reason: written,
  })),
  "POST /api/subsidies/applications/:applicationId/check": application(() => ({
    fact: fc.constant("务工.去向"),
    accepted: fc.boolean(),
    reason: written,
  })),
  // An account's own doors: officers are refused at each.
  "GET /api/citizen/applications/offers": nothing,
  "GET /api/citizen/applications": fixed(paging),
  "POST /api/citizen/applications": fixed(asked),
  "GET /api/citizen/applications/:applicationId": application(),
  "POST /api/citizen/applications/:applicationId/statements": application(() => ({ statements: fc.constant({}) })),
  "POST /api/citizen/applications/:applicationId/files": application(() => ({ material: written })),
  "POST /api/citizen/applications/:applicationId/files/remove": application(ofFile),
  "GET /api/citizen/applications/:applicationId/files/:fileId": application(ofFile),
  "POST /api/citizen/applications/:applicationId/submit": application(() => ({ declared: fc.constant(true) })),
  "POST /api/citizen/applications/:applicationId/drop": application(),
  "GET /api/subsidies/prepayments": fixed({ ...paging, state: maybe(fc.constantFrom("open", "owed", "overdue")) }),
  "GET /api/subsidies/prepayable": nothing,
  "GET /api/subsidies/prepayable/:rule/payees": fixed({ rule: prepaidRule, search: fc.constantFrom("秘村", "测试") }),
  "POST /api/subsidies/prepayments": fixed({
    rule: prepaidRule,
    payeeId: fc.constantFrom("1", "2"),
    amountFen: fc.constant(100),
    document: written,
    plan: written,
    settleBy: fc.constant("2025-12-31"),
  }),
  "GET /api/subsidies/prepayments/:prepaymentId/settlement": one("prepaymentId", "prepayment"),
  "POST /api/subsidies/prepayments/:prepaymentId/settle": one("prepaymentId", "prepayment", () => ({
    actualFen: fc.constant(0),
    note: written,
  })),
  "POST /api/subsidies/prepayments/:prepaymentId/correct": one("prepaymentId", "prepayment", () => ({
    actualFen: fc.constant(0),
    note: written,
  })),
  "GET /api/subsidies/publications": fixed({ ...paging, region: maybe(region) }),
  "POST /api/subsidies/publications": fixed({
    rule: fc.constant("export-introduction"),
    area: maybe(region),
    contact: written,
  }),
  "POST /api/subsidies/publications/clear": nothing,
  "GET /api/subsidies/publications/:publicationId/list/:format": one("publicationId", "publication", () => ({
    format: fc.constant("xlsx"),
  })),
  "GET /api/subsidies/publications/:publicationId": one("publicationId", "publication", () => paging),
  "POST /api/subsidies/publications/:publicationId/objections": one("publicationId", "publication", (world) => ({
    claimId: anyId(world, "claim"),
    raisedBy: written,
    content: written,
  })),
  "POST /api/subsidies/objections/:objectionId/decide": one("objectionId", "objection", () => ({
    upheld: fc.boolean(),
    answer: written,
  })),
  "GET /api/subsidies/pushes": fixed({
    ...paging,
    region: maybe(region),
    state: maybe(fc.constantFrom(...pushStates)),
    pending: maybe(yesNo),
  }),
  "GET /api/subsidies/pushes/figures": fixed({ region: maybe(region) }),
  "POST /api/subsidies/pushes/send": nothing,
  "GET /api/subsidies/visits": fixed({
    ...paging,
    region: maybe(region),
    state: fc.constantFrom("visit", "visited"),
  }),
  "POST /api/subsidies/visits/:pushId": one("pushId", "push", () => ({
    answer: maybe(fc.constantFrom(...payeeAnswers)).map((answer) => answer ?? null),
    note: written,
  })),
  "GET /api/subsidies/office": nothing,
  "POST /api/subsidies/office": fixed({
    name: written,
    mark: fc.constant("测人社"),
    contact: written,
    reviewBody: written,
    court: written,
    messages: fc.boolean(),
    channel: fc.constantFrom("sms", "wechat"),
    everyDays: fc.constant(15),
    mostMessages: fc.constant(3),
    linkDays: fc.constant(15),
    quietFrom: fc.constant(21),
    quietTo: fc.constant(8),
  }),
  "GET /api/subsidies/templates": nothing,
  "POST /api/subsidies/templates": fixed(templateWording),
  "POST /api/subsidies/templates/:templateId/approve": one("templateId", "letterTemplate"),
  "POST /api/subsidies/templates/preview": fixed({
    ...templateWording,
    number: fc.constantFrom("", "BT433124-00000001"),
  }),
  "GET /api/subsidies/claims/:claimId/letters": one("claimId", "claim"),
  "GET /api/subsidies/letters/:letterId": one("letterId", "letter", () => ({
    format: fc.constantFrom(...letterFormats),
  })),
  "GET /api/subsidies/reviews": fixed({
    ...paging,
    region: maybe(region),
    state: maybe(fc.constantFrom(...reviewStates)),
  }),
  "GET /api/subsidies/reviews/counts": nothing,
  "POST /api/subsidies/reviews/:reviewId/decide": one("reviewId", "review", () => ({
    upheld: fc.boolean(),
    answer: written,
  })),
  "GET /api/subsidies/differences": (world) =>
    fc.record({ ...paging, ...claimDifferenceFilter, claimId: maybe(anyId(world, "claim")) }),
  "GET /api/subsidies/differences/counts": fixed({ region: maybe(region) }),
  "GET /api/subsidies/differences.xlsx": fixed({ ...claimDifferenceFilter, purpose }),
  "POST /api/subsidies/recalculate": nothing,
  "POST /api/subsidies/differences/take-up": someDifferences(() => ({ note: written })),
  "POST /api/subsidies/differences/re-examine": someDifferences(() => ({ note: written })),
  "POST /api/subsidies/differences/dismiss": someDifferences(() => ({ reason: written })),
  "GET /api/subsidies/recoveries": (world) =>
    fc.record({ ...paging, ...recoveryFilter, claimId: maybe(anyId(world, "claim")) }),
  "GET /api/subsidies/recoveries/counts": fixed({ region: maybe(region) }),
  "GET /api/subsidies/recoveries.xlsx": fixed({ ...recoveryFilter, purpose }),
  "GET /api/subsidies/recoveries/:recoveryId": one("recoveryId", "recovery"),
  "GET /api/subsidies/recoveries/:recoveryId/letter.docx": one("recoveryId", "recovery", () => ({
    kind: fc.constantFrom(...noticeKinds),
  })),
  "POST /api/subsidies/recoveries/:recoveryId/notify": recovery(() => ({ grounds: wordy, contact: written })),
  "POST /api/subsidies/recoveries/:recoveryId/hear": recovery(() => ({ statement: written })),
  "POST /api/subsidies/recoveries/:recoveryId/decide": recovery(() => ({ decision: wordy })),
  "POST /api/subsidies/recoveries/:recoveryId/plan": recovery(() => ({
    instalments: fc.constant([
      { dueOn: "2025-07-01", amountFen: 20 },
      { dueOn: "2025-08-01", amountFen: 20 },
    ]),
  })),
  "POST /api/subsidies/recoveries/:recoveryId/receive": recovery(() => ({
    amountFen: fc.constantFrom(1, 30, 1000),
    receivedOn: fc.constant("2025-06-18"),
    method: fc.constant("银行转账"),
    reference: written,
  })),
  "POST /api/subsidies/recoveries/:recoveryId/write-off": recovery(() => ({ reason: wordy })),
  "POST /api/subsidies/recoveries/:recoveryId/write-off/agree": recovery(() => ({ note: written })),
  "POST /api/subsidies/recoveries/:recoveryId/write-off/decline": recovery(() => ({ note: written })),
  "POST /api/subsidies/recoveries/:recoveryId/refund": recovery(() => ({
    refundedOn: fc.constant("2025-06-18"),
    method: fc.constant("银行转账"),
    reference: written,
  })),
  "POST /api/subsidies/recoveries/:recoveryId/cancel": recovery(() => ({ reason: written })),
  "GET /api/subsidies/unpaid": fixed({ ...paging, ...unpaidFilter }),
  "GET /api/subsidies/unpaid/counts": fixed({ region: maybe(region), rule: unpaidFilter.rule }),
  "GET /api/subsidies/unpaid.xlsx": fixed({ ...unpaidFilter, purpose }),
  "POST /api/subsidies/gather": nothing,
  "GET /api/subsidies/tasks/:taskId": one("taskId", "task"),
  "GET /api/subsidies/funds": fixed({ region: maybe(region) }),
  "GET /api/subsidies/funds/:fundLineId/movements": one("fundLineId", "fundLine", () => paging),
  "POST /api/subsidies/funds": fixed({
    region: fc.constantFrom(...counties, places.elsewhere),
    fund: fc.constant("就业专项资金"),
    level: fc.constant("县级"),
    year: fc.constant(2025),
    document: written,
    validFrom: fc.constant("2025-01-01"),
    amountFen: fc.constant(1000),
  }),
  "POST /api/subsidies/funds/:fundLineId/adjust": one("fundLineId", "fundLine", () => ({
    amountFen: fc.constantFrom(100, -100),
    document: written,
  })),
  "POST /api/subsidies/funds/:fundLineId/transfer": one("fundLineId", "fundLine", (world) => ({
    toFundLineId: anyId(world, "fundLine"),
    amountFen: fc.constant(1),
    document: written,
  })),
  "GET /api/subsidies/funds/:fundLineId/settlements": one("fundLineId", "fundLine"),
  "POST /api/subsidies/funds/:fundLineId/settlements": one("fundLineId", "fundLine", () => ({
    kind: fc.constantFrom("carry", "claw"),
    amountFen: fc.constantFrom(1, 100),
    document: written,
  })),
  "POST /api/subsidies/settlements/:settlementId/decide": one("settlementId", "settlement", () => ({
    agree: fc.boolean(),
  })),
  "GET /api/subsidies/fund-progress": fixed({ region: maybe(region), year: fc.constant(2025) }),
  "GET /api/subsidies/fund-progress/:format": fixed({
    region: maybe(region),
    year: fc.constant(2025),
    format: fc.constant("xlsx"),
  }),
  "GET /api/subsidies/fund-targets": fixed({ region: maybe(region), year: fc.constant(2025) }),
  "GET /api/subsidies/fund-targets/:format": fixed({
    region: maybe(region),
    year: fc.constant(2025),
    format: fc.constant("xlsx"),
  }),
  "POST /api/subsidies/fund-targets": fixed({
    year: fc.constant(2025),
    indicator: fc.constantFrom("claims", "spent"),
    target: fc.nat({ max: 1000 }),
    document: written,
  }),
  "GET /api/subsidies/inspections": fixed({ ...paging, region: maybe(region) }),
  "GET /api/subsidies/inspections/:format": fixed({ region: maybe(region), format: fc.constant("xlsx") }),
  "POST /api/subsidies/inspections": fixed({
    source: fc.constant("审计"),
    foundBy: written,
    foundOn: fc.constant("2025-06-01"),
    content: written,
    demand: written,
    responsible: written,
    dueOn: fc.constant("2025-07-01"),
  }),
  "POST /api/subsidies/inspections/:itemId/rectify": inspection({ measure: written, evidence: written }),
  "POST /api/subsidies/inspections/:itemId/close": inspection({ closing: written }),
  "POST /api/subsidies/inspections/:itemId/return": inspection({ closing: written }),
  "GET /api/subsidies/settings": fixed({ region: maybe(region) }),
  "POST /api/subsidies/settings": fixed({
    setting: fc.record({
      kind: fc.constant("publicity"),
      value: fc.record({ workdays: fc.integer({ min: 1, max: 10 }) }),
    }),
    validFrom: fc.constantFrom("2025-06-18", "2025-07-01"),
    document: written,
  }),
  "GET /api/subsidies/batches": fixed({ ...paging, region: maybe(region) }),
  "POST /api/subsidies/batches": one("fundLineId", "fundLine"),
  "GET /api/subsidies/batches/:batchId": one("batchId", "paymentBatch"),
  "GET /api/subsidies/batches/:batchId/payments": one("batchId", "paymentBatch", () => paging),
  "POST /api/subsidies/batches/:batchId/freeze": paymentBatch(),
  "POST /api/subsidies/batches/:batchId/release": paymentBatch(),
  "POST /api/subsidies/batches/:batchId/send": paymentBatch(),
  "POST /api/subsidies/batches/:batchId/cancel": paymentBatch(() => ({ note: written })),
  "GET /api/subsidies/batches/:batchId/bank.csv": one("batchId", "paymentBatch"),
  "POST /api/subsidies/batches/:batchId/result": one("batchId", "paymentBatch"),
  "GET /api/subsidies/bank-format": nothing,
  "POST /api/subsidies/bank-format": fixed({
    region: fc.constantFrom(...counties, places.elsewhere),
    format: fc.constantFrom(...bankFormats),
  }),
  "GET /api/subsidies/trace": (world) => fc.record({ of: traced(world), ...paging }),
  "GET /api/subsidies/trace.xlsx": (world) => fc.record({ of: traced(world), purpose }),
  "GET /api/subsidies/reconcile": fixed({ region: maybe(region) }),
  "GET /api/oversight/findings": fixed({ ...paging, ...findingFilter }),
  "GET /api/oversight/findings/counts": fixed({ region: maybe(region) }),
  "GET /api/oversight/findings.xlsx": fixed({ ...findingFilter, purpose }),
  "GET /api/oversight/findings/:findingId": one("findingId", "finding"),
  "GET /api/oversight/persons/:personId/findings": one("personId", "person"),
  "GET /api/oversight/handlers": nothing,
  "GET /api/oversight/checks": nothing,
  "GET /api/oversight/tasks/:taskId": one("taskId", "task"),
  "GET /api/oversight/files/:eventId": one("eventId", "findingEvent"),
  "POST /api/oversight/run": nothing,
  "POST /api/oversight/findings/assign": (world) =>
    fc.record({
      findingIds: fc.uniqueArray(anyId(world, "finding"), { minLength: 1, maxLength: 2 }),
      officerId: anyId(world, "officer"),
      note: written,
    }),
  "POST /api/oversight/findings/transfer": (world) =>
    fc.record({
      findingIds: fc.uniqueArray(anyId(world, "finding"), { minLength: 1, maxLength: 2 }),
      organisationId: anyId(world, "organisation"),
      note: written,
    }),
  "POST /api/oversight/findings/:findingId/note": finding(() => ({ note: written })),
  "POST /api/oversight/findings/:findingId/hear": finding(() => ({ party: written, statement: written })),
  "POST /api/oversight/findings/:findingId/files": one("findingId", "finding"),
  "POST /api/oversight/findings/:findingId/decide": finding(() => ({
    decision: fc.constantFrom(...decisions),
    reason: written,
  })),
  "POST /api/oversight/findings/:findingId/close": finding(() => ({ result: written })),
  "POST /api/oversight/findings/:findingId/reopen": finding(() => ({ reason: written })),
  "GET /api/exports": fixed({ ...paging, view: fc.constantFrom("mine", "waiting", "all"), text: maybe(words) }),
  "POST /api/exports/requests": fixed({
    route: fc.constantFrom(exportPersons.path, exportRegisterRows.path, exportDifferences.path),
    input: fc.constant({ purpose: "核对数据范围" }),
  }),
  "POST /api/exports/:exportId/decision": one("exportId", "export", () => ({
    act: fc.constantFrom("approve", "refuse"),
    note: written,
  })),
  "POST /api/exports/:exportId/withdrawal": one("exportId", "export"),
  "GET /api/exports/:exportId/file": one("exportId", "export"),
  "POST /api/exports/trace": nothing,
  "POST /api/exports/trace-text": (world) => fc.record({ text: fc.constantFrom(...world.texts) }),

  "GET /api/workbench/today": nothing,
  "GET /api/demo/files": nothing,
  "GET /api/demo/files/:fileId": one("fileId", "file"),
};

/** Routes that show the minimal card of people from elsewhere (trust.md). */
export const cardRoutes: ReadonlySet<string> = new Set([
  "GET /api/registry/cards",
  "GET /api/registry/employers/:employerId/workers",
  // A register names people of other counties who work or train here.
  "GET /api/registers/:register/rows",
  "GET /api/registers/:register/rows.xlsx",
  "GET /api/registers/:register/rows/:rowId",
  "GET /api/registers/:register/rows/:rowId/changes",
  "GET /api/register-rows/of-person/:personId",
]);

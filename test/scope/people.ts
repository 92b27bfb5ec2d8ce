import { employerKey } from "../../src/registry/employers/names.ts";
import { addPerson, type AddedPerson } from "../../src/registry/fixtures.ts";
import { secretText, type Secret } from "./tokens.ts";
import { counties, places, villages, type World } from "./world.ts";

const TODAY = "2025-06-18";
const OWN = { recorded_on: TODAY, source: 3 };

/** People of every village: some stay, some live, work or are insured across the border of their county. */
export async function addPeople(
  world: World,
  homes: readonly string[] = villages,
  borders: readonly string[] = counties,
): Promise<void> {
  for (const home of homes) {
    const householdId = world.id("household", { class: "私", places: [home] });
    await world.put("registry.household", {
      household_id: householdId,
      household_no: secretText({ class: "私", places: [home] }),
      head_name: secretText({ class: "私", places: [home] }),
      home_region: home,
      ...OWN,
    });
    const abroad = borders.filter((county) => !home.startsWith(county));
    await addOne(world, home, householdId, {});
    for (const county of abroad) {
      await addOne(world, home, householdId, { work: county });
      await addOne(world, home, householdId, { residence: county });
      await addOne(world, home, householdId, { insurance: county });
    }
    // Somebody of another county registered in this household.
    const [other] = homes.filter((one) => !one.startsWith(home.slice(0, 6)));
    if (other) await addOne(world, other, householdId, {});
  }
}

type Grounds = Partial<Record<"work" | "residence" | "insurance", string>>;

async function addOne(world: World, home: string, householdId: string, grounds: Grounds): Promise<void> {
  const { owner, runtime } = world;
  const cards = Object.values(grounds);
  const card: Secret = { class: "名", places: [home], cards };
  const own = (text = "") => secretText({ class: "私", places: [home] }) + text;
  const name = secretText(card);
  const phone = `139${world.fresh().slice(-8)}`;
  const bankAccount = `62220${world.fresh()}`;
  const person = await addPerson(owner, runtime, {
    name,
    homeRegion: home,
    phone,
    bankAccount,
    householdId,
    columns: {
      identity_mask: `${name}****`,
      phone_mask: own("****"),
      bank_mask: own("****"),
      skills: own(),
      address: own(),
      desired_job: own(),
      labour_capacity: "full",
      job_willing: true,
      work_state: grounds.work ? "working" : "to-verify",
      residence_region: grounds.residence ?? null,
    },
  });
  world.id("person", card, person.personId);
  for (const number of [person.identity, phone, bankAccount])
    world.numbers.add(number, { class: "私", places: [home] });
  world.texts.push(name, person.identity, phone, phone.slice(-4));
  for (const [ground, region] of Object.entries(grounds)) {
    await world.put("registry.person_access", {
      person_id: person.personId,
      region,
      ground,
      valid_from: "2025-01-01",
      home_region: home,
    });
  }
  await addFacts(world, person, grounds);
}

async function addFacts(world: World, person: AddedPerson, grounds: Grounds): Promise<void> {
  const { personId, homeRegion: home } = person;
  const own = secretText({ class: "私", places: [home] });
  const work = grounds.work ?? home.slice(0, 6);
  // A spell is seen at home and where the work is.
  const both = secretText({ class: "厂", places: [home, work] });
  const row = { person_id: personId, home_region: home, ...OWN };
  const local = { employer_key: employerKey(`${both}工厂`), employer_name: `${both}工厂` };
  const linked = { employer_key: employerKey("测试外省公司"), employer_name: "测试外省公司" };
  world.ids.nameKey.push(local.employer_key);
  await world.put("registry.employment", {
    ...row,
    ...local,
    employment_id: world.fresh(),
    work_region: work,
    start_date: "2025-02-01",
    occupation: both,
    end_reason: both,
  });
  await world.put("registry.employment", {
    ...row,
    ...linked,
    employment_id: world.fresh(),
    work_region: places.elsewhere,
    start_date: "2024-02-01",
    occupation: own,
  });
  await world.put("registry.contract", {
    ...row,
    employer_key: local.employer_key,
    employer_name: own,
    start_date: "2025-03-01",
  });
  await world.put("registry.insurance_month", {
    ...row,
    employer_key: local.employer_key,
    employer_name: own,
    month: "2025-04-01",
    kind: "pension",
    insured_region: grounds.insurance ?? null,
  });
  await world.put("registry.wage_month", {
    ...row,
    employer_key: local.employer_key,
    employer_name: own,
    month: "2025-04-01",
    amount_fen: 380_000,
    method: own,
  });
  await world.put("registry.other_record", {
    ...row,
    title: own,
    month: "2025-04-01",
    content: JSON.stringify({ 内容: own }),
  });
  await world.put("registry.person_category", {
    ...row,
    category: "lifted-from-poverty",
    valid_from: "2018-12-20",
    detail: own,
  });
  await world.put("registry.person_category", {
    ...row,
    category: "monitored",
    valid_from: "2025-01-20",
    detail: own,
  });
  await world.put("registry.change", {
    person_id: personId,
    entity: "person",
    entity_key: "{}",
    act: "update",
    before: JSON.stringify({ skills: own }),
    after: JSON.stringify({ skills: `${own}后` }),
    source: 3,
    reason: own,
    officer_name: own,
    home_region: home,
  });
  await world.put("registry.comparison", {
    comparison_id: world.id("comparison", { class: "私", places: [home] }),
    person_id: personId,
    home_region: home,
    reason: "X2",
    entity: "person",
    field: "skills",
    held_value: own,
    held_source: 3,
    claimed_value: own,
    claimed_source: 8,
    due_on: "2025-06-01",
  });
}

/** Employers of each place, one of a province that does not work here, and the names that are linked to them. */
export async function addEmployers(
  world: World,
  regions: readonly string[] = [...counties, ...villages],
): Promise<void> {
  for (const region of regions) {
    const employerId = world.id("employer", { class: "厂", places: [region] });
    const name = `${secretText({ class: "厂", places: [region] })}合作社${employerId}`;
    await world.put("registry.employer", {
      employer_id: employerId,
      name,
      name_key: employerKey(name),
      region,
      credit_code: null,
      ...OWN,
    });
    // The written names of those who work there, from wherever they come.
    for (const home of villages)
      await link(world, employerId, `${secretText({ class: "厂", places: [home, region] })}工厂`);
    world.texts.push(name);
  }
}

/** People of all places work for it; its region is nobody's here, so everybody sees it, and each only his own people in it. */
export async function addEmployerElsewhere(world: World): Promise<void> {
  const employerId = world.fresh();
  world.ids.employer.push(employerId);
  await world.put("registry.employer", {
    employer_id: employerId,
    name: "测试外省公司",
    name_key: employerKey("测试外省公司"),
    region: places.elsewhere,
    ...OWN,
  });
  await link(world, employerId, "测试外省公司");
}

async function link(world: World, employerId: string, name: string): Promise<void> {
  await world.owner.query(
    "INSERT INTO registry.employer_alias (name_key, name, employer_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    [employerKey(name), name, employerId],
  );
}

export async function addAliases(world: World): Promise<void> {
  for (const code of villages) {
    await world.put("registry.region_alias", {
      alias_id: world.id("alias", { class: "私", places: [code] }),
      alias: secretText({ class: "私", places: [code] }),
      code,
      note: secretText({ class: "私", places: [code] }),
    });
  }
}

import type { OutputOf } from "../../platform/contract.ts";
import { handle } from "../../platform/module.ts";
import { readIdentityNumber, readPhone } from "../dictionaries/index.ts";
import { identityHash, phoneHash } from "../numbers.ts";
import { regionNames, searchRegions } from "../regions/store.ts";
import type { Scope } from "../scope.ts";
import { find, type WorkState } from "./contract.ts";
import { findByIdentityHash, findByName, findByPhoneHash, findByPhoneTail, type FoundPerson } from "./find-store.ts";

const MOST_PERSONS = 20;
const MOST_REGIONS = 8;

/** 查找框: a number is looked up by its keyed hash, so that no clear number reaches the database. */
export const findHandler = handle(find, async (context, { text }) => {
  const { tx, caller, services } = context;
  const scope = caller.sight.region;
  const written = text.normalize("NFKC").trim();
  const identity = /^[0-9A-Za-z\s'-]{8,}$/.test(written) ? readIdentityNumber(written) : null;
  const phone = readPhone(written);

  let found: FoundPerson[];
  let regionHits: { code: string }[] = [];
  let readAs: OutputOf<typeof find>["readAs"];
  if (identity?.ok) {
    readAs = "identity";
    found = await findByIdentityHash(tx, scope, [identityHash(services.keys, identity.kind, identity.number)]);
  } else if (phone.ok) {
    readAs = "phone";
    found = await findByPhoneHash(tx, scope, phoneHash(services.keys, phone.number), MOST_PERSONS + 1);
  } else if (/^\d{4}$/.test(written)) {
    readAs = "phone-tail";
    found = await findByPhoneTail(tx, scope, written, MOST_PERSONS + 1);
  } else {
    readAs = "text";
    ({ found, regionHits } = await findByText(tx, scope, written));
  }
  const persons = found.slice(0, MOST_PERSONS);
  const nameOf = await regionNames(tx, [
    ...persons.map((person) => person.home_region),
    ...regionHits.map((region) => region.code),
  ]);
  // The text may be somebody's number, whole or mistyped, which the log must not keep.
  context.audit({
    count: persons.length,
    readAs,
    text: written.replaceAll(/\d{4,}/g, (digits) => "*".repeat(digits.length)),
  });
  return {
    readAs,
    persons: persons.map((person) => ({
      personId: person.person_id,
      name: person.name,
      identityMask: person.identity_mask,
      phoneMask: person.phone_mask,
      home: nameOf(person.home_region),
      workState: person.work_state as WorkState,
    })),
    more: found.length > MOST_PERSONS,
    regions: regionHits.map((region) => nameOf(region.code)),
  };
});

/** 龙建平, 十八洞村, or both: 「龙建平 十八洞」 and 「十八洞 龙建平」. */
async function findByText(tx: Parameters<typeof findByName>[0], scope: Scope, text: string) {
  const [first, second] = text.split(/\s+/) as [string, string | undefined];
  if (second === undefined) {
    const regionHits = await searchRegions(tx, scope, first, undefined, MOST_REGIONS);
    return { found: await findByName(tx, scope, first, null, MOST_PERSONS + 1), regionHits };
  }
  for (const [name, place] of [
    [first, second],
    [second, first],
  ] as const) {
    const places = await searchRegions(tx, scope, place, undefined, MOST_REGIONS);
    if (places.length === 0) continue;
    const found = await findByName(
      tx,
      scope,
      name,
      places.map((region) => region.code),
      MOST_PERSONS + 1,
    );
    if (found.length > 0) return { found, regionHits: places };
  }
  return { found: [], regionHits: [] };
}

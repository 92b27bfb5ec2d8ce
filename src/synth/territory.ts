import { purpose } from "./purposes.ts";
import { apportion, type RandomSource } from "./random.ts";

/** What is needed of a row of the divisions; codes have 2, 4, 6, 9 or 12 digits and begin with their parent's. */
export interface DivisionRow {
  readonly code: string;
  readonly name: string;
}

export interface Village {
  readonly code: string;
  readonly name: string;
  readonly town: string;
  readonly county: County;
  /** Position among the villages of the county. */
  readonly index: number;
  /** Places for persons: `firstSlot` … `firstSlot + slots − 1` of the county. Not all are taken in every month. */
  readonly firstSlot: number;
  readonly slots: number;
}

export interface County {
  readonly code: string;
  readonly name: string;
  readonly prefecture: string;
  readonly prefectureCode: string;
  readonly province: string;
  /** Where brides from elsewhere were first registered: another county of the prefecture, a different one for each. */
  readonly neighbourCode: string;
  readonly random: RandomSource;
  readonly villages: readonly Village[];
  readonly slots: number;
}

/** Identity numbers stay unique up to here (see `person.ts`). */
const LARGEST_COUNTY = 115_000;

/**
 * Shares of assisted persons by prefecture relative to its number of villages. Estimates in the order of the provinces' own
 * lists of formerly poor counties; the sources give totals only.
 */
const PREFECTURE_WEIGHTS: Readonly<Record<string, number>> = {
  "4301": 0.35,
  "4302": 0.6,
  "4303": 0.5,
  "4304": 0.8,
  "4305": 1.9,
  "4306": 0.6,
  "4307": 0.9,
  "4308": 1.8,
  "4309": 0.9,
  "4310": 0.9,
  "4311": 1.2,
  "4312": 1.7,
  "4313": 1.4,
  "4331": 2.2,
  "6201": 0.4,
  "6202": 0.1,
  "6203": 0.2,
  "6204": 1,
  "6205": 1.4,
  "6206": 0.9,
  "6207": 0.4,
  "6208": 1.2,
  "6209": 0.3,
  "6210": 1.1,
  "6211": 1.6,
  "6212": 1.6,
  "6229": 1.9,
  "6230": 1,
};

/**
 * The counties and villages of `region` (any level from province to village) with their places for `slots` persons in all.
 * Rural villages only (serial from 200), where a county has any: neighbourhoods of towns hold no assisted households to speak of.
 */
export function layOutTerritory(
  divisions: Iterable<DivisionRow>,
  region: string,
  slots: number,
  random: RandomSource,
): County[] {
  const names = new Map<string, string>();
  const villagesOf = new Map<string, string[]>();
  const countiesOf = new Map<string, string[]>();
  for (const { code, name } of divisions) {
    if (!(code.startsWith(region.slice(0, 2)) && (code.length < 6 || code.startsWith(region.slice(0, 4))))) continue;
    names.set(code, name);
    if (code.length === 6) countiesOf.set(code.slice(0, 4), [...(countiesOf.get(code.slice(0, 4)) ?? []), code]);
    if (code.length === 12 && (code.startsWith(region) || region.startsWith(code))) {
      const county = code.slice(0, 6);
      const villages = villagesOf.get(county);
      if (villages) villages.push(code);
      else villagesOf.set(county, [code]);
    }
  }
  const codes = [...villagesOf.keys()].toSorted();
  if (codes.length === 0) throw new RangeError(`no villages are known in region ${region}`);
  const rural = new Map(codes.map((code) => [code, ruralOnly(villagesOf.get(code)!.toSorted())]));
  const countyWeights = codes.map((code) => {
    const spread = 0.7 + random.below(601, purpose.countyWeight, Number(code)) / 1000;
    return rural.get(code)!.length * spread * (PREFECTURE_WEIGHTS[code.slice(0, 4)] ?? 1);
  });
  const shares = apportion(slots, countyWeights);
  return codes.map((code, i) =>
    layOutCounty(code, rural.get(code)!, shares[i]!, names, countiesOf.get(code.slice(0, 4))!.toSorted(), random),
  );
}

function layOutCounty(
  code: string,
  villageCodes: readonly string[],
  slots: number,
  names: ReadonlyMap<string, string>,
  siblings: readonly string[],
  random: RandomSource,
): County {
  if (slots > LARGEST_COUNTY) throw new RangeError(`${code} would hold ${slots} persons, more than ${LARGEST_COUNTY}`);
  const own = random.derive(purpose.county).derive(Number(code));
  const shares = apportion(
    slots,
    villageCodes.map((village) => 0.4 + own.below(1200, purpose.villageWeight, Number(village.slice(6))) / 1000),
  );
  const villages: Village[] = [];
  const county: County = {
    code,
    name: names.get(code)!,
    prefecture: names.get(code.slice(0, 4))!,
    prefectureCode: code.slice(0, 4),
    province: names.get(code.slice(0, 2))!,
    neighbourCode: siblings[(siblings.indexOf(code) + 1) % siblings.length]!,
    random: own,
    villages,
    slots,
  };
  let firstSlot = 0;
  for (const [index, village] of villageCodes.entries()) {
    villages.push({
      code: village,
      name: names.get(village)!,
      town: names.get(village.slice(0, 9))!,
      county,
      index,
      firstSlot,
      slots: shares[index]!,
    });
    firstSlot += shares[index]!;
  }
  return county;
}

function ruralOnly(codes: readonly string[]): readonly string[] {
  const rural = codes.filter((code) => Number(code.slice(9)) >= 200);
  return rural.length > 0 ? rural : codes;
}

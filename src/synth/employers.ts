import {
  insideIndustries,
  outsideIndustries,
  ownCountyIndustries,
  publicPosts,
  reliefWorks,
  workshops,
  type Industry,
} from "./industries.ts";
import { creditCode } from "./numbers.ts";
import type { Destinations, Place } from "./places.ts";
import { purpose } from "./purposes.ts";
import { choice, type Choice, type RandomSource } from "./random.ts";
import type { County, Village } from "./territory.ts";

export type EmployerKind = "enterprise" | "workshop" | "public-body" | "other";

/** Somebody whom ledgers name as 务工单位. */
export interface Employer {
  readonly name: string;
  /** Null for village committees, projects and own work: none is written in ledgers. */
  readonly creditCode: string | null;
  readonly region: string;
  readonly kind: EmployerKind;
  readonly size: "large" | "medium" | "small" | "micro" | null;
  readonly industry: Industry;
  readonly status: "active" | "abnormal" | "closed";
  /**
   * What other departments have of its staff: contracts on file and contributions of all of them, contracts alone, or nothing. An
   * employer's own, not each worker's: else every employer would have workers without either.
   */
  readonly onFile: "all" | "contracts" | "nothing";
}

/** Characters seldom seen in company names, in pairs, so that a made-up firm is unlikely to bear a real one's name. */
const BRAND_FIRST = "岚澄砚屿汀蔚筠榆沅潇澧洣舂溆渌耒浯蓼湄沣岱峤岵泮洙".split("");
const BRAND_SECOND = "禾穗棠昱拓蓁榛萤桐笙槿栩翎澍篁樾霁芃苒蘅".split("");
const SIZES: Choice<NonNullable<Employer["size"]>> = choice([
  ["large", 6],
  ["medium", 18],
  ["small", 50],
  ["micro", 26],
]);
const STATUSES: Choice<Employer["status"]> = choice([
  ["active", 96],
  ["abnormal", 2],
  ["closed", 2],
]);

/** Estimates. */
const ON_FILE: Choice<Employer["onFile"]> = choice([
  ["all", 50],
  ["contracts", 12],
  ["nothing", 38],
]);

/** Persons on the ledger per firm of a place: what is told of one firm in a province's ledger. */
const PERSONS_PER_FIRM = 32;

/**
 * The firms of one place, made when first asked for. Their number grows with the persons of the whole territory, so that a
 * village's people are not spread over a province's firms.
 */
export class EmployerPool implements Iterable<Employer> {
  readonly count: number;
  readonly #make: (index: number) => Employer;
  readonly #made: (Employer | undefined)[] = [];

  constructor(count: number, make: (index: number) => Employer) {
    this.count = count;
    this.#make = make;
  }

  get(index: number): Employer {
    return (this.#made[index] ??= this.#make(index));
  }

  *[Symbol.iterator](): Generator<Employer> {
    for (let index = 0; index < this.count; index++) yield this.get(index);
  }
}

export class Employers {
  readonly #random: RandomSource;
  readonly #persons: number;
  readonly #destinations: Destinations;
  readonly #pools = {
    away: new Map<Place, EmployerPool>(),
    home: new Map<County, EmployerPool>(),
    carrier: new Map<County, EmployerPool>(),
    relief: new Map<County, EmployerPool>(),
  };
  readonly #committees = new Map<Village, Employer>();

  /** `persons`: how many the territory's ledger has. */
  constructor(random: RandomSource, persons: number, destinations: Destinations) {
    this.#random = random.derive(purpose.employer);
    this.#persons = persons;
    this.#destinations = destinations;
  }

  outside(place: Place): EmployerPool {
    return once(this.#pools.away, place, () =>
      this.#firms(place, outsideIndustries, this.#persons * 0.55 * place.share, "away"),
    );
  }

  inside(place: Place): EmployerPool {
    return once(this.#pools.away, place, () =>
      this.#firms(place, insideIndustries, this.#persons * 0.14 * place.share, "away"),
    );
  }

  ownCounty(county: County): EmployerPool {
    return once(this.#pools.home, county, () =>
      this.#firms(placeOf(county), ownCountyIndustries, county.slots * 0.12, "home"),
    );
  }

  carriers(county: County): EmployerPool {
    return once(this.#pools.carrier, county, () => {
      const random = this.#random.derive(1).derive(Number(county.code));
      return new EmployerPool(Math.max(1, Math.round(county.slots / PERSONS_PER_CARRIER)), (index) => {
        const own = random.derive(index);
        const village = county.villages[own.below(county.villages.length, purpose.village)]!;
        const kind = own.chance(0.7, purpose.suffix) ? "帮扶车间" : "就业帮扶基地";
        return firm(
          own,
          `${village.town}${village.name}${brand(index, "home")}${kind}`,
          county.code,
          "workshop",
          workshops,
          serialOf(index, "carrier"),
        );
      });
    });
  }

  reliefProjects(county: County): EmployerPool {
    return once(this.#pools.relief, county, () => {
      const random = this.#random.derive(2).derive(Number(county.code));
      return new EmployerPool(Math.max(1, Math.round(county.slots / 900)), (index) => {
        const village = county.villages[random.derive(index).below(county.villages.length, purpose.village)]!;
        return body(
          `${village.town}${village.name}以工代赈${index % 2 === 0 ? "道路硬化" : "沟渠整治"}项目部`,
          county.code,
          "other",
          reliefWorks,
        );
      });
    });
  }

  villageCommittee(village: Village): Employer {
    return once(this.#committees, village, () => {
      const kind = village.name.endsWith("村") ? "村民委员会" : "居民委员会";
      return body(`${village.town}${village.name}${kind}`, village.county.code, "public-body", publicPosts);
    });
  }

  /** Every employer that anybody of these counties can have, but for people's own work. */
  *all(counties: readonly County[]): Generator<Employer> {
    for (const place of this.#destinations.outside.values) yield* this.outside(place);
    for (const place of this.#destinations.inside.values) yield* this.inside(place);
    for (const county of counties) {
      yield* this.ownCounty(county);
      yield* this.carriers(county);
      yield* this.reliefProjects(county);
      for (const village of county.villages) yield this.villageCommittee(village);
    }
  }

  #firms(place: Place, industries: Choice<Industry>, workers: number, pool: "away" | "home"): EmployerPool {
    const random = this.#random.derive(pool === "away" ? 3 : 4).derive(Number(place.code));
    const seat = place.county === "" ? place.prefecture : place.county;
    return new EmployerPool(Math.max(2, Math.round(workers / PERSONS_PER_FIRM)), (index) => {
      const own = random.derive(index);
      const industry = own.pick(industries, purpose.industry);
      return firm(
        own,
        `${seat}${brand(index, pool)}${own.pick(industry.suffixes, purpose.suffix)}`,
        place.code,
        "enterprise",
        industry,
        serialOf(index, pool),
      );
    });
  }
}

function once<K, V>(made: Map<K, V>, key: K, make: () => V): V {
  let value = made.get(key);
  if (value === undefined) made.set(key, (value = make()));
  return value;
}

/** 8,160 carriers for 254.2 万 persons (hn-2024-102). */
const PERSONS_PER_CARRIER = 2_542_000 / 8160;

function placeOf(county: County): Place {
  return { code: county.code, province: county.province, prefecture: county.prefecture, county: county.name, share: 1 };
}

function firm(
  random: RandomSource,
  name: string,
  region: string,
  kind: EmployerKind,
  industry: Industry,
  serial: number,
): Employer {
  return {
    name,
    creditCode: creditCode(region, serial),
    region,
    kind,
    size: random.pick(SIZES, purpose.size),
    industry,
    status: random.pick(STATUSES, purpose.status),
    onFile: random.pick(ON_FILE, purpose.onFile),
  };
}

/** Somebody without a credit code. Village committees sign with whoever is in their posts. */
export function body(name: string, region: string, kind: EmployerKind, industry: Industry): Employer {
  const onFile = kind === "public-body" ? "contracts" : "nothing";
  return { name, creditCode: null, region, kind, size: null, industry, status: "active", onFile };
}

/** A different brand for every firm of a place: two characters, and a third where there are more firms than pairs. */
function brand(index: number, pool: "away" | "home"): string {
  const pairs = BRAND_FIRST.length * BRAND_SECOND.length;
  const pair = (index * 211) % pairs;
  const first = BRAND_FIRST[pair % BRAND_FIRST.length]!;
  const second = BRAND_SECOND[Math.floor(pair / BRAND_FIRST.length)]!;
  const third = index < pairs ? "" : BRAND_FIRST[(Math.floor(index / pairs) - 1) % BRAND_FIRST.length]!;
  return pool === "away" ? first + second + third : second + first + third;
}

const SERIAL_KINDS = { away: 0, home: 1, carrier: 2 } as const;

/** Serials of one region's codes: the pools keep apart, and neighbours do not look alike. 31⁶ is the number of serials. */
function serialOf(index: number, pool: keyof typeof SERIAL_KINDS): number {
  return ((index * 4 + SERIAL_KINDS[pool]) * 7_919) % 31 ** 6;
}

import { createHash } from "node:crypto";
import { divisionPrefix, factsOf, measureScript, type Basis, type FactField } from "#kernel";
import type { AskedFact, CalculatorBenefit, CalculatorRules, Source } from "../citizen/model.ts";
import { AUDIENCES } from "../facts/audience.ts";
import type { SourceText } from "../texts/text.ts";
import { answerFormOf } from "../facts/dictionary.ts";
import { audienceOf, awaited, holdsIn, isPaidTo, samplesOf, sourceAddress, sourceWords } from "./benefit.ts";
import { benefitKey, type Benefit, type PublicLibrary } from "./library.ts";
import { allPlaces, placesUnder, type Place } from "./places.ts";

export interface RulesScript {
  /** Address that changes with every change of the rules. */
  readonly path: string;
  readonly code: string;
}

const made = new WeakMap<PublicLibrary, Map<string, RulesScript>>();

/**
 * The rules of a division as one module of JavaScript, `export default (runtime) => CalculatorRules`: written ahead by the kernel, so
 * that a phone evaluates no text and needs no parser.
 */
export function rulesScript(library: PublicLibrary, region: Place): RulesScript {
  const byRegion = made.get(library) ?? new Map<string, RulesScript>();
  made.set(library, byRegion);
  const known = byRegion.get(region.code);
  if (known) return known;
  const benefits = library.benefits.filter((benefit) => holdsIn(benefit, region.code));
  const script = `export default (k) => (${withPlans(rulesOf(library, region, benefits), benefits)});\n`;
  const digest = createHash("sha256").update(script).digest("hex").slice(0, 12);
  const result = { path: `/calculator/rules/${region.code}-${digest}.js`, code: script };
  byRegion.set(region.code, result);
  return result;
}

type WithoutPlan = Omit<CalculatorBenefit, "plan">;

/** The rules as JSON, each plan in it as the function call that makes it. */
function withPlans(
  { benefits, ...rest }: Omit<CalculatorRules, "benefits"> & { readonly benefits: readonly WithoutPlan[] },
  sources: readonly Benefit[],
): string {
  const written = benefits.map(
    (benefit, index) => `{plan:(${measureScript(sources[index]!.rule)})(k),${JSON.stringify(benefit).slice(1)}`,
  );
  return `{benefits:[${written.join(",\n")}],${JSON.stringify(rest).slice(1)}`;
}

function rulesOf({ texts }: PublicLibrary, region: Place, benefits: readonly Benefit[]) {
  return {
    region: [region.code, region.fullName] as const,
    prefectures: placesUnder(region.code).map(
      ({ place, counties }) =>
        [place.code, place.name, counties.map((county) => [county.code, county.name] as const)] as const,
    ),
    provinces: [...allPlaces().values()]
      .filter(({ level, code }) => level === "province" && code !== region.code)
      .map(
        ({ code, name }) =>
          // The rest of the province to which a prefecture with rules of its own belongs.
          [code, region.code.startsWith(divisionPrefix(code)) ? `${name}（${region.name}以外）` : name] as const,
      ),
    benefits: benefits.map((benefit) => benefitOf(benefit, texts)),
  };
}

function benefitOf(benefit: Benefit, texts: readonly SourceText[]): WithoutPlan {
  const { rule, dictionary } = benefit;
  const { definition } = rule;
  const source = (basis: Basis): Source => ({
    words: sourceWords(basis, texts),
    address: sourceAddress(basis),
    ...(basis.quote ? { quote: basis.quote } : {}),
  });
  const named = [...rule.conditions, ...rule.limits].flatMap(({ id, basis }) =>
    basis ? [[id, source(basis)] as const] : [],
  );
  const open = rule.parameters.map(
    (parameter) => [parameter.name, `${parameter.says}：${awaited(parameter)}`] as const,
  );
  return {
    key: benefitKey(benefit),
    subject: dictionary.label,
    situation: dictionary.situation ?? dictionary.label,
    monthly: definition.grain === "month",
    facts: dictionary.fields.filter(({ name }) => isRead(benefit, name)).flatMap(askedFact),
    limits: rule.limits.map(({ id, key, counts, within, says, most }) => ({
      id,
      key,
      counts,
      within,
      says,
      once: counts === "exclusive" || (counts === "times" && most?.op === "literal" && most.value === 1),
    })),
    office: officeConditions(benefit),
    audience: audienceOf(benefit),
    payee: definition.payee,
    paidTo: AUDIENCES.filter((audience) => isPaidTo(benefit, audience)),
    funds: definition.funds.map(({ name }) => name).join("或"),
    ...(definition.amount?.says ? { amountSays: definition.amount.says } : {}),
    ...(definition.decides ? { decides: definition.decides } : {}),
    hasAmount: definition.amount !== undefined,
    inForce: {
      from: definition.inForce.from,
      ...(definition.inForce.to ? { to: definition.inForce.to } : {}),
      ...(definition.inForce.ended ? { ended: definition.inForce.ended } : {}),
    },
    evidence: definition.evidence,
    source: source(definition.basis[0]!),
    sources: Object.fromEntries(named),
    awaited: Object.fromEntries(open),
    samples: samplesOf(rule),
  };
}

/** Conditions none of whose facts anybody but an office can tell. */
function officeConditions({ rule, dictionary }: Benefit): CalculatorBenefit["office"] {
  return rule.conditions.flatMap((condition) => {
    const names = factsOf(condition);
    const fields = dictionary.fields.filter(({ name }) => names.includes(name));
    if (fields.length === 0 || fields.some(({ name, question }) => question || name === rule.regionFact)) return [];
    return [{ id: condition.id, suppliers: [...new Set(fields.map(({ supplier }) => supplier))] }];
  });
}

/** The emitted plan lists the facts that the rule reads; the calculator needs no words for others. */
const isRead = ({ rule }: Benefit, name: string): boolean => measureScript(rule).includes(JSON.stringify(name));

function askedFact(field: FactField): readonly AskedFact[] {
  const form = answerFormOf(field);
  if (!form) return [];
  const { name, label, supplier, question, codes, topic, openEnded } = field;
  return [
    {
      name,
      label,
      supplier,
      form,
      ...(question ? { question } : {}),
      ...(codes ? { choices: Object.keys(codes) } : {}),
      ...(topic ? { topic } : {}),
      ...(openEnded ? { openEnded: true as const } : {}),
    },
  ];
}

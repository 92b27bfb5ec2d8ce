import { hash } from "node:crypto";
import { detached } from "../../platform/detached.ts";
import { bigintOfHash } from "../numbers.ts";

const CACHED_KEYS = 200_000;
const keys = new Map<string, string>();

/** Nearly every name as it stands in a ledger; none of these characters has another form. */
const NORMAL = /^[\u4e00-\u9fffA-Z0-9()]+$/;

/**
 * One form of a name as ledgers write it: full-width and half-width alike, no spaces, one kind of brackets, no marks at the
 * ends. Different wordings (有限公司, 公司) stay different: only an officer may say that they mean one employer.
 */
export function normaliseEmployerName(name: string): string {
  if (NORMAL.test(name)) return name;
  return name
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[\s\u200B-\u200D\uFEFF]+/gu, "")
    .replace(/[〔［[【]/gu, "(")
    .replace(/[〕］\]】]/gu, ")")
    .replace(/^["'“”‘’.,，。、;；:：-]+|["'“”‘’.,，。、;；:：-]+$/gu, "")
    .normalize("NFKC");
}

/**
 * 63 bits that stand for the normalised name in employment rows, in decimal. The same in every installation (unkeyed:
 * names of employers are public). A repeated spelling costs one map look-up.
 */
export function employerKey(name: string): string {
  const known = keys.get(name);
  if (known !== undefined) return known;
  if (keys.size >= CACHED_KEYS) keys.clear();
  const key = bigintOfHash(hash("sha256", normaliseEmployerName(name), "hex"));
  keys.set(detached(name), key);
  return key;
}

/** Words that most names share and that therefore say nothing about likeness. */
const COMMON_WORDS =
  /有限责任公司|股份有限公司|有限公司|分公司|公司|集团|农民专业合作社|专业合作社|合作社|家庭农场|个体工商户|工厂|厂|店|(?:特别行政区|自治区|自治州|自治县|省|市|县|区|镇|乡|村)/gu;

/** 0 to 100: how alike two names are, by the pairs of characters they share once common words are left out. */
export function likenessOfNames(a: string, b: string): number {
  const first = normaliseEmployerName(a);
  const second = normaliseEmployerName(b);
  if (first === second) return 100;
  const whole = dice(pairsOf(first), pairsOf(second));
  const core = dice(pairsOf(first.replace(COMMON_WORDS, "")), pairsOf(second.replace(COMMON_WORDS, "")));
  return Math.min(99, Math.round(100 * Math.max(whole, 0.4 * whole + 0.6 * core)));
}

/** Pairs of neighbouring characters of the telling part of a name: what a candidate must share at least one of. */
export function tellingPairs(name: string): string[] {
  const core = normaliseEmployerName(name).replace(COMMON_WORDS, "");
  return [...pairsOf(core.length >= 2 ? core : normaliseEmployerName(name))];
}

function pairsOf(text: string): Set<string> {
  const characters = Array.from(text);
  if (characters.length === 1) return new Set(characters);
  return new Set(characters.slice(1).map((character, index) => characters[index]! + character));
}

function dice(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let shared = 0;
  for (const pair of a) if (b.has(pair)) shared++;
  return (2 * shared) / (a.size + b.size);
}

import type { DivisionLevel } from "./division.ts";

/**
 * What kind of place an ending says. Offices add, drop and exchange endings at will (十八洞 / 十八洞村 / 十八洞村村委会; 乡 that became
 * 镇), so that names are compared by stem and ending apart.
 */
export type Ending =
  | "省"
  | "市"
  | "地区"
  | "盟"
  | "州"
  | "县"
  | "区"
  | "旗"
  | "镇"
  | "乡"
  | "街道"
  | "村"
  | "社区"
  | "";

export interface NameParts {
  stem: string;
  ending: Ending;
}

const ENDING_LEVELS: Record<Exclude<Ending, "">, readonly DivisionLevel[]> = {
  省: ["province"],
  市: ["province", "prefecture", "county"],
  地区: ["prefecture"],
  盟: ["prefecture"],
  州: ["prefecture"],
  县: ["county"],
  区: ["county"],
  旗: ["county"],
  镇: ["town"],
  乡: ["town"],
  街道: ["town"],
  村: ["village"],
  社区: ["village"],
};

/** Longest first within what they share; the second column is the ending meant. */
const WRITTEN_ENDINGS: readonly (readonly [string, Exclude<Ending, "">])[] = [
  ["特别行政区", "省"],
  ["自治区", "省"],
  ["省", "省"],
  ["地区", "地区"],
  ["自治州", "州"],
  ["州", "州"],
  ["盟", "盟"],
  ["自治县", "县"],
  ["县", "县"],
  ["自治旗", "旗"],
  ["旗", "旗"],
  ["街道办事处", "街道"],
  ["街道办", "街道"],
  ["街道", "街道"],
  ["办事处", "街道"],
  ["镇", "镇"],
  ["民族乡", "乡"],
  ["乡", "乡"],
  ["社区居民委员会", "社区"],
  ["社区居委会", "社区"],
  ["社区村委会", "社区"],
  ["社区委员会", "社区"],
  ["社区委会", "社区"],
  ["社区", "社区"],
  ["居民委员会", "社区"],
  ["居委会", "社区"],
  ["居委", "社区"],
  ["村村民委员会", "村"],
  ["村民委员会", "村"],
  ["村(居)委会", "村"],
  ["村村委会", "村"],
  ["村民委会", "村"],
  ["村委会", "村"],
  ["村民会员会", "村"],
  ["村民委", "村"],
  ["村委", "村"],
  ["村", "村"],
  ["区", "区"],
  ["市", "市"],
];

const PEOPLES =
  "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺";
/** 「湘西土家族苗族」自治州 is called 湘西州, 「麻塘苗族瑶族」乡 麻塘乡. Some names leave out 族: 巴音郭楞蒙古自治州. */
const PEOPLES_AT_END = new RegExp(`(?:(?:${PEOPLES}|各|民)族)+$|(?:蒙古|哈萨克|柯尔克孜|塔吉克|锡伯)$`, "u");
const PEOPLES_OF_REGIONS = /(?:壮族|回族|维吾尔)$/u;

/** Names of one character keep their ending: 礼县 is never called 礼. */
const SHORTEST_STEM = 2;

/** By last character, so that the many texts that end in none cost one look-up. */
const ENDINGS_BY_LAST_CHARACTER = Map.groupBy(WRITTEN_ENDINGS, ([written]) => written.at(-1)!);

/** Every way of taking an ending off a written name; the name itself, with no ending, comes first. */
export function splitName(name: string): NameParts[] {
  const splits: NameParts[] = [{ stem: name, ending: "" }];
  for (const [written, ending] of ENDINGS_BY_LAST_CHARACTER.get(name.at(-1)!) ?? []) {
    if (!name.endsWith(written)) continue;
    const stem = withoutPeoples(name.slice(0, -written.length), written, ending);
    if (stem === "") continue;
    splits.push(stem.length < SHORTEST_STEM ? { stem: stem + ending, ending } : { stem, ending });
    // Endings nest (村委会 in 村村委会, 区 in 社区); the longest, which comes first, is the one meant.
    break;
  }
  return splits;
}

function withoutPeoples(stem: string, written: string, ending: Ending): string {
  if (written === "自治区") return stem.replace(PEOPLES_OF_REGIONS, "");
  if (ending === "州" || ending === "县" || ending === "旗" || ending === "乡" || ending === "区") {
    const rest = stem.replace(PEOPLES_AT_END, "");
    // 东乡族自治县 has no other name than its people's.
    return rest === "" ? stem.replace(/族$/u, "") : rest;
  }
  return stem;
}

export function endingFitsLevel(ending: Ending, level: DivisionLevel): boolean {
  return ending === "" || ENDING_LEVELS[ending].includes(level);
}

/** The split of a division's own name: the one whose ending belongs to its level. */
export function ownParts(name: string, level: DivisionLevel): NameParts {
  return splitName(name).findLast((parts) => endingFitsLevel(parts.ending, level))!;
}

/** Short forms beside the name that no ending explains: 浦东 for 浦东新区, 神农架 for 神农架林区, 长沙经开区 for 长沙经济技术开发区. */
export function otherNames(name: string, level: DivisionLevel): string[] {
  if (level !== "county" && level !== "town") return [];
  const names: string[] = [];
  if (/.{2}(?:新|林|特)区$/u.test(name)) names.push(name.slice(0, -2));
  const zone = name
    .replace(/经济技术开发区|经济开发区/u, "经开区")
    .replace(/高新技术产业开发区|高新技术产业园区|高新技术开发区/u, "高新区");
  if (zone !== name) names.push(zone);
  return names;
}

/** Slips of the source: 村民委员会会, 村民委委会. */
const DOUBLED_END = /(?<=委员?)会会$|(?<=民)委委会$/u;

/** 十八洞村村委会 → 十八洞村, 河滨居民委员会 → 河滨社区: the short form of a committee's name. Other levels keep theirs. */
export function everydayVillageName(name: string): string {
  const { stem, ending } = ownParts(
    withHalfWidthBrackets(name).replace(DOUBLED_END, (end) => (end === "会会" ? "会" : "委会")),
    "village",
  );
  if (ending === "" || stem.endsWith(ending)) return stem;
  return stem + ending;
}

/** One form for the same text: full-width to half-width, no spaces, no separators. Keeps brackets: some names contain them. */
export function normaliseDivisionText(text: string): string {
  return withHalfWidthBrackets(text.normalize("NFKC")).replace(
    /[\s\u200B-\u200D\uFEFF,，、/\\>＞|;；:：。·'"“”‘’_-]+/gu,
    "",
  );
}

function withHalfWidthBrackets(text: string): string {
  return text.replace(/[（〔［]/gu, "(").replace(/[）〕］]/gu, ")");
}

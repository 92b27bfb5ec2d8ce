import { faker } from "@faker-js/faker/locale/zh_CN";
import { choice, evenChoice, type Choice, type RandomSource } from "./random.ts";
import { purpose } from "./purposes.ts";

/** Only faker's lists of names are used, never its randomness: that is not stable over versions and calls. */
const lists = faker.rawDefinitions.person!;

function list(
  entry: { generic?: readonly string[]; female?: readonly string[]; male?: readonly string[] } | null | undefined,
  part: "generic" | "female" | "male",
): string[] {
  const names = entry?.[part];
  if (names === undefined || names.length === 0) throw new Error(`the name lists lack ${part}`);
  return [...names];
}

/** The twenty most frequent bear half of the country; the rest share the other half. */
const FREQUENT: readonly (readonly [string, number])[] = [
  ["李", 79],
  ["王", 72],
  ["张", 68],
  ["刘", 54],
  ["陈", 45],
  ["杨", 31],
  ["黄", 25],
  ["赵", 23],
  ["吴", 21],
  ["周", 21],
  ["徐", 17],
  ["孙", 16],
  ["马", 13],
  ["朱", 13],
  ["胡", 12],
  ["郭", 12],
  ["何", 12],
  ["林", 11],
  ["高", 10],
  ["罗", 10],
];
const general: Choice<string> = choice([
  ...FREQUENT,
  ...list(lists.last_name, "generic")
    .filter((name) => !FREQUENT.some(([frequent]) => frequent === name))
    .map((name) => [name, 3] as const),
]);

/** Surnames that prevail among some peoples; beside them everybody also has the general ones. */
const surnamesOf: Readonly<Record<string, Choice<string>>> = {
  miao: evenChoice(["石", "龙", "麻", "吴", "廖", "隆", "施", "杨", "田", "滕"]),
  tujia: evenChoice(["田", "向", "彭", "覃", "王", "张", "黄", "罗", "李", "瞿", "尚", "贾"]),
  dong: evenChoice(["杨", "吴", "石", "龙", "粟", "陆", "姚", "李"]),
  yao: evenChoice(["盘", "赵", "李", "冯", "邓", "黄", "奉", "唐"]),
  bai: evenChoice(["谷", "钟", "王", "熊", "刘", "覃"]),
  hui: evenChoice(["马", "马", "马", "丁", "妥", "韩", "冶", "穆", "白", "杨"]),
  dongxiang: evenChoice(["马", "马", "马", "汪", "杨", "唐", "妥"]),
  bonan: evenChoice(["马", "马", "冶", "韩", "妥"]),
  salar: evenChoice(["韩", "韩", "马", "沈"]),
};

const givenNames = {
  male: givenNamesOf([...list(lists.first_name, "male"), ...list(lists.first_name, "generic")]),
  female: givenNamesOf(list(lists.first_name, "female")),
};

interface GivenNames {
  readonly whole: Choice<string>;
  readonly first: Choice<string>;
  readonly second: Choice<string>;
}

function givenNamesOf(names: readonly string[]): GivenNames {
  const pairs = names.filter((name) => name.length === 2);
  return {
    whole: evenChoice(names),
    first: evenChoice(pairs.map((name) => name[0]!)),
    second: evenChoice(pairs.map((name) => name[1]!)),
  };
}

export function surname(random: RandomSource, ethnicity: string, at = 0): string {
  const own = surnamesOf[ethnicity];
  return own !== undefined && random.chance(0.8, purpose.surnameKind, at)
    ? random.pick(own, purpose.surname, at)
    : random.pick(general, purpose.surname, at);
}

/** Half as listed, half put together from two listed ones, so that a county is not full of namesakes. */
export function givenName(random: RandomSource, sex: "male" | "female", at = 0): string {
  const names = givenNames[sex];
  if (random.chance(0.45, purpose.givenNameKind, at)) return random.pick(names.whole, purpose.givenName, at);
  return random.pick(names.first, purpose.givenName, at) + random.pick(names.second, purpose.givenNameEnd, at);
}

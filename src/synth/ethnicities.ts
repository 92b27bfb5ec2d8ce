import { choice, type Choice } from "./random.ts";

/** An id of the registry's dictionary (GB/T 3304) and the word that ledgers use. */
export interface Ethnicity {
  readonly id: string;
  readonly word: string;
}

const words = {
  han: "汉族",
  hui: "回族",
  zang: "藏族",
  miao: "苗族",
  dong: "侗族",
  yao: "瑶族",
  bai: "白族",
  tujia: "土家族",
  dongxiang: "东乡族",
  salar: "撒拉族",
  bonan: "保安族",
  yugur: "裕固族",
  mongol: "蒙古族",
  kazak: "哈萨克族",
  man: "满族",
} as const;

type Shares = Partial<Record<keyof typeof words, number>>;

function mixture(shares: Shares): Choice<Ethnicity> {
  return choice(Object.entries(shares).map(([id, weight]) => [{ id, word: words[id as keyof typeof words] }, weight]));
}

/** Per cent of the population, rounded, from the counties' own statements; a prefecture stands for its other counties. */
const shares: Readonly<Record<string, Shares>> = {
  // 湘西州
  "433101": { tujia: 42, miao: 36, han: 22 },
  "433122": { miao: 40, tujia: 23, han: 37 },
  "433123": { miao: 60, tujia: 19, han: 21 },
  "433124": { miao: 78, tujia: 9, han: 12, hui: 1 },
  "433125": { tujia: 60, miao: 24, han: 16 },
  "433126": { tujia: 45, miao: 43, han: 12 },
  "433127": { tujia: 80, miao: 9, han: 11 },
  "433130": { tujia: 54, miao: 17, han: 29 },
  // 张家界、常德、邵阳、永州、怀化
  "4308": { tujia: 70, bai: 8, han: 21, miao: 1 },
  "430822": { tujia: 61, bai: 24, han: 15 },
  "430726": { tujia: 55, han: 45 },
  "430529": { miao: 60, han: 38, dong: 2 },
  "430527": { miao: 37, dong: 15, yao: 9, han: 39 },
  "4311": { han: 93, yao: 7 },
  "431129": { yao: 65, han: 35 },
  "4312": { han: 60, dong: 20, miao: 16, tujia: 4 },
  "431226": { miao: 77, han: 21, dong: 2 },
  "431227": { dong: 80, han: 11, miao: 9 },
  "431228": { dong: 55, han: 37, miao: 8 },
  "431229": { miao: 43, dong: 28, han: 29 },
  "431230": { dong: 78, han: 15, miao: 7 },
  "43": { han: 97, tujia: 1, miao: 1, yao: 1 },
  // 临夏州 and its like in 甘肃
  "6229": { hui: 45, han: 35, dongxiang: 18, bonan: 1, salar: 1 },
  "622924": { hui: 97, han: 2, dongxiang: 1 },
  "622926": { dongxiang: 88, hui: 9, han: 3 },
  "622927": { hui: 35, han: 38, dongxiang: 13, bonan: 8, salar: 6 },
  "6230": { zang: 56, han: 38, hui: 6 },
  "620523": { han: 96, hui: 4 },
  "620525": { hui: 70, han: 30 },
  "620623": { zang: 34, han: 62, hui: 4 },
  "620721": { yugur: 30, zang: 25, han: 43, mongol: 2 },
  "62": { han: 97, hui: 3 },
  "3708": { han: 99, hui: 1 },
};

const mixtures = new Map(Object.entries(shares).map(([code, share]) => [code, mixture(share)]));
const everywhere = mixture({ han: 98, hui: 1, man: 1 });

export function ethnicitiesOf(county: string): Choice<Ethnicity> {
  return mixtures.get(county) ?? mixtures.get(county.slice(0, 4)) ?? mixtures.get(county.slice(0, 2)) ?? everywhere;
}

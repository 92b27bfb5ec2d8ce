/**
 * What guessers try first: the words of the lists that circulate, in English and in pinyin, and those of this program and its offices
 * (ASVS 6.1.2). Lower case, at least four letters. A password that is hardly more than these, runs of keys, years and repetitions is
 * refused, however many kinds of characters it mixes.
 */
const COMMON_WORDS: readonly string[] = `
  password passwd passw pass admin administrator root system manager guest user test demo welcome login letmein hello
  monkey dragon master shadow superman batman princess sunshine football baseball iloveyou love lovely secret freedom
  whatever starwars michael charlie computer internet server oracle huawei tencent alibaba google microsoft windows
  changeme default temp security private public summer winter spring autumn january qwerty abcd woaini woaiwojia
  woaizuguo nihao zhongguo china beijing shanghai chongqing sichuan hunan guizhou yunnan gansu xiangxi huayuan linxia
  mima denglu guanli guanliyuan xitong zhanghao yonghu wangluo diannao dianhua shouji baobao laopo laogong mama baba
  gongxi facai 1314 1314520 5201314 zhangsan lisi wangwu zhangwei wangwei wangfang lina liwei xiaoming wengang jiuye
  jiuyeju renshe rsj rensheju shebao fupin bangfu xiangcun zhenxing nongmin caizheng caizhengju xianzheng zhengfu
  bangong bumen danwei gongzuo lingdao keyuan shenhe clerk officer reviewer auditor county village province`
  .trim()
  .split(/\s+/);

/** Rows of the keyboard, its slanting columns, the alphabet and the digits: what a finger runs along. */
const KEY_RUNS = [
  "qwertyuiop",
  "asdfghjkl",
  "zxcvbnm",
  "abcdefghijklmnopqrstuvwxyz",
  "01234567890",
  "!@#$%^&*()",
  "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
  "qazwsxedcrfvtgbyhnujmikolp",
];
const RUN_LEAST = 3;
/** Letters and digits that must be left when all that is common is taken away. */
export const UNCOMMON_LEAST = 5;

const LOOKALIKES: Readonly<Record<string, string>> = {
  "@": "a",
  "4": "a",
  "0": "o",
  "1": "l",
  "!": "i",
  "3": "e",
  "5": "s",
  $: "s",
  "7": "t",
};
const spelled = (text: string, one: string) =>
  [...text].map((sign) => (sign === "1" ? one : (LOOKALIKES[sign] ?? sign))).join("");

/** How many letters and digits of a password a guesser would not have from lists, habits and the given words. */
export function uncommonCharacters(password: string, words: readonly string[] = []): number {
  const lower = password.toLowerCase();
  const covered = Array.from({ length: lower.length }, () => false);
  const cover = (from: number, length: number) => covered.fill(true, from, from + length);
  const known = [...COMMON_WORDS, ...words.map((word) => word.toLowerCase()).filter((word) => word.length >= 3)];
  for (const form of new Set([lower, spelled(lower, "l"), spelled(lower, "i")]))
    for (const word of known)
      for (let at = form.indexOf(word); at !== -1; at = form.indexOf(word, at + 1)) cover(at, word.length);
  for (let at = 0; at < lower.length; at += 1) {
    const run = Math.max(...[...KEY_RUNS, ...KEY_RUNS.map(turned)].map((keys) => runLength(lower, at, keys)));
    if (run >= RUN_LEAST) cover(at, run);
    const same = sameFrom(lower, at);
    if (same >= RUN_LEAST) cover(at, same);
  }
  for (const { index, 0: date } of lower.matchAll(/(?:19|20)\d{2}(?:(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]))?/g))
    cover(index, date.length);
  return new Set([...lower].filter((sign, at) => !covered[at] && /[\p{L}\p{N}]/u.test(sign))).size;
}

const turned = (keys: string) => [...keys].toReversed().join("");

function runLength(text: string, from: number, keys: string): number {
  const start = keys.indexOf(text[from]!);
  if (start === -1) return 0;
  let length = 1;
  while (from + length < text.length && keys[start + length] === text[from + length]) length += 1;
  return length;
}

function sameFrom(text: string, from: number): number {
  let length = 1;
  while (text[from + length] === text[from]) length += 1;
  return length;
}

/** Why two records may be of one person, or why not; `weight` is what each adds to the score. */
const reasons = {
  "number-same": { weight: 100, label: "证件号码相同，证件类型不同" },
  "number-typed": { weight: 50, label: "证件号码只差一位或相邻两位颠倒，且只有一个号码校验位相符" },
  "number-near": { weight: 35, label: "证件号码只差一位或相邻两位颠倒" },
  name: { weight: 20, label: "姓名相同" },
  birth: { weight: 20, label: "出生日期相同" },
  village: { weight: 20, label: "户籍村相同" },
  town: { weight: 12, label: "户籍乡镇相同" },
  county: { weight: 6, label: "户籍县相同" },
  phone: { weight: 25, label: "联系电话相同" },
  bank: { weight: 35, label: "银行账号相同" },
  household: { weight: 5, label: "登记在同一户" },
  "sex-differs": { weight: -20, label: "性别不同" },
  "numbers-apart": { weight: -15, label: "两个居民身份证号码都校验相符且差别大" },
  swapped: { weight: 95, label: "同户两人的证件号码与各自的性别、出生日期不符，互换后相符" },
} as const satisfies Record<string, { weight: number; label: string }>;

export type MatchReason = keyof typeof reasons;
export const matchReasons = Object.keys(reasons) as MatchReason[];

export const weightOf = (reason: MatchReason): number => reasons[reason].weight;

/** A reason as kept with a pair; one that a later version wrote stays as it is. */
export function matchReasonWords(reason: string): { label: string; weight: number } {
  const known = matchReasons.find((one) => one === reason);
  return known ? reasons[known] : { label: reason, weight: 0 };
}

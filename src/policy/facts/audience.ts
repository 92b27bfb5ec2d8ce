/** Those who come to the public pages and ask what there is for them. */
export const AUDIENCES = [
  "worker",
  "seeker",
  "student",
  "founder",
  "employer",
  "agency",
  "provider",
  "operator",
] as const;
export type Audience = (typeof AUDIENCES)[number];

interface AudienceWords {
  readonly label: string;
  /** Who is meant, in a few words under the label. */
  readonly hint: string;
  /** Words of a measure's `payee` that mean the asker himself: what is paid to somebody else because of him is shown apart. */
  readonly payees: readonly string[];
  /** The asker answers for himself; others answer for the worker whom they employ, train or introduce. */
  readonly forSelf: boolean;
}

const PERSON = ["本人", "人员", "劳动力", "群众", "学生", "工匠", "渔民"];

export const AUDIENCE_WORDS: Record<Audience, AudienceWords> = {
  worker: { label: "务工的人", hint: "在外或在本地打工、灵活就业、在公益岗", payees: PERSON, forSelf: true },
  seeker: { label: "找工作的人", hint: "想找活干，或者想学一门手艺", payees: PERSON, forSelf: true },
  student: {
    label: "学生和毕业生",
    hint: "职业院校、技工院校在读，高校毕业生，见习青年",
    payees: ["学生", "毕业生", "见习人员", ...PERSON],
    forSelf: true,
  },
  founder: {
    label: "创业的人",
    hint: "开店、办厂、返乡创业、借创业担保贷款",
    payees: [...PERSON, "创业者", "借款人", "租户"],
    forSelf: true,
  },
  employer: {
    label: "用人单位",
    hint: "企业、合作社、帮扶车间、乡村就业工厂",
    payees: ["用人单位", "企业", "车间", "工厂", "就业帮扶基地", "见习单位", "市场主体"],
    forSelf: false,
  },
  agency: { label: "人力资源机构", hint: "劳务中介、农村劳务经纪人", payees: ["介绍机构", "举办单位"], forSelf: false },
  provider: { label: "培训机构", hint: "职业培训学校、技工院校", payees: ["培训机构", "技工院校"], forSelf: false },
  operator: {
    label: "品牌、基地和项目单位",
    hint: "劳务品牌、就业帮扶基地、孵化基地、以工代赈项目、招聘活动",
    payees: ["承办单位", "基地", "项目", "举办单位", "高校"],
    forSelf: false,
  },
};

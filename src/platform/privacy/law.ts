/**
 * On what the program holds facts about people: articles of law, and documents by their number. Quoted only where the article is
 * sure; a document stands for its duty as a whole.
 */
export const legalBases = {
  "duty-of-office": {
    words: "《个人信息保护法》第十三条第一款第三项、第三十四条",
    says: "为履行法定职责或者法定义务所必需；国家机关不得超出履行法定职责所必需的范围和限度",
  },
  "own-consent": {
    words: "《个人信息保护法》第十四条、第二十九条",
    says: "处理敏感个人信息应当取得个人的单独同意；同意可以撤回（第十五条）",
  },
  "own-request": {
    words: "《个人信息保护法》第四十四条至第四十七条",
    says: "个人对其个人信息的处理享有知情、查阅、更正、删除的权利",
  },
  "employment-help": { words: "《就业促进法》", says: "人民政府建立就业服务和就业援助制度" },
  subsidies: { words: "湘人社规〔2021〕10号", says: "就业补贴的对象、标准和审核发放" },
  "welfare-posts": { words: "湘人社规〔2021〕10号（公益性岗位）", says: "公益性岗位的开发、安置、考勤和补贴发放" },
  "work-ledger": { words: "脱贫人口务工台账制度", says: "按月掌握脱贫人口（含监测对象）务工情况，动态更新" },
  accounts: {
    words: "《会计档案管理办法》（财政部、国家档案局令第79号）附表一",
    says: "会计凭证（含原始凭证）保管三十年",
  },
  "network-log": { words: "《网络安全法》", says: "留存相关的网络日志不少于六个月" },
  "handling-record": {
    words: "《个人信息保护法》第五十五条、第五十六条",
    says: "处理情况记录应当至少保存三年",
  },
  security: {
    words: "《个人信息保护法》第五十一条",
    says: "采取措施防止未经授权的访问以及个人信息泄露、篡改、丢失",
  },
} as const satisfies Record<string, { words: string; says: string }>;
export type LegalBasis = keyof typeof legalBases;

/** Why a field is sensitive (个人信息保护法 第二十八条), and for people's eyes what it is about. */
export const sensitiveKinds = {
  health: "医疗健康",
  disability: "残疾",
  account: "金融账户",
  identity: "证件号码",
  minor: "不满十四周岁未成年人",
  belief: "宗教信仰、特定身份",
  hardship: "困难状况",
} as const;
export type SensitiveKind = keyof typeof sensitiveKinds;

/** What is asked for separately from everything else (trust.md); the field register says for which fields. */
export const consentKinds = ["health", "disability", "place", "voice"] as const;
export type ConsentKind = (typeof consentKinds)[number];
export const consentLabels: Record<ConsentKind, string> = {
  health: "健康状况",
  disability: "残疾情况",
  place: "位置",
  voice: "语音",
};

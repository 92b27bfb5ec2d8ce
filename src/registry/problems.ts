import type { Problem } from "../platform/problem.ts";

export const registryProblems = {
  personChanged: (): Problem => ({
    code: "registry.person-changed",
    status: 409,
    message: "此人信息在您打开页面之后已被他人或台账修改，请刷新后核对再改。",
  }),
  employerChanged: (): Problem => ({
    code: "registry.employer-changed",
    status: 409,
    message: "该单位信息在您打开页面之后已被他人修改，请刷新后核对再改。",
  }),
  fieldNotEditable: (label: string, index: number): Problem => ({
    code: "registry.field-not-editable",
    status: 422,
    message: `“${label}”不能在此页修改，请通过相应台账更正。`,
    path: ["cells", index, "field"],
  }),
  valueUnfit: (label: string, why: string, index: number): Problem => ({
    code: "registry.value-unfit",
    status: 422,
    message: `“${label}”的内容不符合要求：${why}。`,
    path: ["cells", index, "value"],
  }),
  nothingChanged: (): Problem => ({
    code: "registry.nothing-changed",
    status: 422,
    message: "没有内容发生变化，无需保存。",
  }),
  regionUnknown: (code: string): Problem => ({
    code: "registry.region-unknown",
    status: 422,
    message: `区划代码 ${code} 不在区划库中，请重新选择。`,
    path: ["region"],
  }),
  numberOfAnother: (): Problem => ({
    code: "registry.number-of-another",
    status: 409,
    message: "该证件号码已登记在另一人名下，不能改到此人；如为同一人重复建档，请申请合并。",
  }),
  overlaps: (): Problem => ({
    code: "registry.employment-overlaps",
    status: 409,
    message: "采纳后会与此人在同一单位的另一段务工经历时间重叠，或止期早于起期。请先核对那一段的起止时间。",
  }),
  contradicts: (): Problem => ({
    code: "registry.contradicts",
    status: 409,
    message: "采纳后该条记录前后矛盾（例如终止早于起始，或与另一条记录相同）。请先核对该条记录。",
  }),
  comparisonGone: (count: number): Problem => ({
    code: "registry.comparison-gone",
    status: 409,
    message: `所选比对任务中有 ${count} 项已被处理、撤回，或不在您的管辖范围内。请刷新后重新选择。`,
  }),
  rowGone: (label: string): Problem => ({
    code: "registry.row-gone",
    status: 409,
    message: `登记库里没有这条${label}记录（尚未登记，或所在批次已撤销），不能直接采纳。请核实后通过台账补报，或保留原值。`,
  }),
  numberNotKept: (label: string): Problem => ({
    code: "registry.number-not-kept",
    status: 409,
    message: `任务里只有${label}的掩码，没有完整号码，不能直接采纳。请核实后在“修改信息”中填写，或保留原值。`,
  }),
  notAdoptable: (label: string): Problem => ({
    code: "registry.not-adoptable",
    status: 409,
    message: `“${label}”不能在这里直接采纳，请核实后通过相应台账更正，再将本任务按“保留原值”办结。`,
  }),
  endDateMissing: (): Problem => ({
    code: "registry.end-date-missing",
    status: 422,
    message: "请填写核实到的务工结束日期；对方来源没有提供这个日期。",
    path: ["endDate"],
  }),
  homeOutside: (): Problem => ({
    code: "registry.home-outside",
    status: 403,
    message: "新的户籍地不在您的管辖范围内，不能直接迁转。请与对方县区办理转移，再将本任务办结。",
  }),
  wholeNumbersDenied: (): Problem => ({
    code: "registry.whole-numbers-denied",
    status: 403,
    message: "您的职责不包含查看完整号码，不能申请含完整号码的名单；请改为导出脱敏名单。",
    path: ["unmasked"],
  }),
  sortTooLarge: (limit: number): Problem => ({
    code: "registry.sort-too-large",
    status: 422,
    message: `超过 ${limit.toLocaleString("zh-CN")} 人时不能按姓名排序，请先按区域或类别缩小范围。`,
    path: ["sort"],
  }),
  creditCodeInvalid: (why: string): Problem => ({
    code: "registry.credit-code-invalid",
    status: 422,
    message: `${why}。`,
    path: ["creditCode"],
  }),
  creditCodeTaken: (): Problem => ({
    code: "registry.credit-code-taken",
    status: 409,
    message: "该统一社会信用代码已登记为另一家单位，请查找后直接关联。",
    path: ["creditCode"],
  }),
  nameLinked: (names: string): Problem => ({
    code: "registry.name-linked",
    status: 409,
    message: `“${names}”已关联到其他单位。如需改动，请先在原单位取消关联。`,
  }),
  aliasKnown: (): Problem => ({
    code: "registry.alias-known",
    status: 409,
    message: "该区划已有相同的别名，无需重复登记。",
    path: ["alias"],
  }),
  datesReversed: (): Problem => ({
    code: "registry.dates-reversed",
    status: 422,
    message: "启用日期应早于停用日期，请检查后重新填写。",
    path: ["validTo"],
  }),
} as const;

import { z } from "zod";
import { action, defineFlow, download, id, month, pageOf, paging, plainDate, query, regionCode, upload } from "../platform/contract.ts";

/** Kinds of table that offices hand over; what each consists of is data in `kinds/`. */
export const ledgerKinds = ["work-ledger", "post-roster", "assisted-list", "social-insurance", "payroll", "contract-filing", "other"] as const;
export type LedgerKind = (typeof ledgerKinds)[number];
export const ledgerKindLabels: Record<LedgerKind, string> = {
  "work-ledger": "务工情况台账",
  "post-roster": "公益性岗位花名册",
  "assisted-list": "脱贫人口/低收入人口名单",
  "social-insurance": "社保缴费",
  payroll: "工资表",
  "contract-filing": "合同备案",
  other: "其他表格",
};

export const batchStates = [
  "receiving", "mapping", "checking", "comparing", "compared", "applying", "applied", "undoing", "undone", "refused", "discarded",
] as const;
export type BatchState = (typeof batchStates)[number];
export const batchStateLabels: Record<BatchState, string> = {
  receiving: "接收中",
  mapping: "待确认列",
  checking: "校验中",
  comparing: "比对中",
  compared: "待应用",
  applying: "应用中",
  applied: "已应用",
  undoing: "撤销中",
  undone: "已撤销",
  refused: "无法读取",
  discarded: "已作废",
};
export const batchActs = ["read", "map", "check", "compare", "finish", "repair", "apply", "undo", "discard", "fail"] as const;
export type BatchAct = (typeof batchActs)[number];

/** 台账批次的生命周期. `finish` and `fail` are the background task's own steps. */
export const batchFlow = defineFlow<BatchState, BatchAct>({
  receiving: { read: "mapping", check: "checking", fail: "refused", discard: "discarded" },
  mapping: { map: "checking", discard: "discarded" },
  checking: { compare: "comparing", fail: "mapping" },
  comparing: { finish: "compared", fail: "mapping" },
  compared: { repair: "checking", map: "checking", apply: "applying", discard: "discarded" },
  applying: { finish: "applied", fail: "compared" },
  applied: { undo: "undoing" },
  undoing: { finish: "undone", fail: "applied" },
  undone: {},
  refused: { discard: "discarded" },
  discarded: {},
});

export const faultCodes = [
  "full-width", "stray-spaces", "lower-case-x", "excel-date", "identity-fifteen", "village-renamed", "duplicate-same",
  "identity-missing", "identity-number-format", "identity-length", "identity-characters", "identity-check", "identity-birth",
  "sex-contradicts", "birth-contradicts", "name-missing", "date-impossible", "date-unreadable", "date-out-of-range", "start-missing",
  "end-before-start", "end-missing", "village-unknown", "village-ambiguous", "village-outside", "village-missing", "work-place-unknown", "wage-unreadable",
  "wage-implausible", "phone-invalid", "bank-account-doubtful", "duplicate-differs", "code-unknown", "value-missing", "month-differs", "too-long", "formula-error", "person-unknown",
] as const;
export type FaultCode = (typeof faultCodes)[number];

/** Chinese name of the fault and how it is (or can be) mended, as on the tiles of the check step. */
export const faultLabels: Record<FaultCode, { label: string; mend: string }> = {
  "full-width": { label: "全角字符", mend: "转半角" },
  "stray-spaces": { label: "多余空格", mend: "去空格" },
  "lower-case-x": { label: "证号小写 x", mend: "改大写" },
  "excel-date": { label: "表格日期序号", mend: "换算为日期" },
  "identity-fifteen": { label: "15 位旧证号", mend: "升为 18 位" },
  "village-renamed": { label: "村名已更名", mend: "依区划沿革" },
  "duplicate-same": { label: "文件内重复行", mend: "留末行" },
  "identity-missing": { label: "缺证件号码", mend: "补填" },
  "identity-number-format": { label: "证号被当作数字", mend: "补后三位" },
  "identity-length": { label: "证号位数不对", mend: "核对补正" },
  "identity-characters": { label: "证号含非法字符", mend: "核对补正" },
  "identity-check": { label: "证号校验位不符", mend: "核对补正" },
  "identity-birth": { label: "证号中出生日期不存在", mend: "核对补正" },
  "sex-contradicts": { label: "性别与证号不符", mend: "以证号为准" },
  "birth-contradicts": { label: "出生日期与证号不符", mend: "以证号为准" },
  "name-missing": { label: "缺姓名", mend: "补填" },
  "date-impossible": { label: "日期不存在", mend: "改为当月末日" },
  "date-unreadable": { label: "日期无法识别", mend: "写作 2025-04-18" },
  "date-out-of-range": { label: "日期超出合理范围", mend: "核对" },
  "start-missing": { label: "在务工但缺开始时间", mend: "补填" },
  "end-before-start": { label: "止期早于起期", mend: "对调起止" },
  "end-missing": { label: "已结束但缺结束时间", mend: "补填" },
  "village-unknown": { label: "村名查无此处", mend: "选择村" },
  "village-ambiguous": { label: "村名有重名", mend: "补乡镇" },
  "village-outside": { label: "不在申报范围内", mend: "核对属地" },
  "village-missing": { label: "缺行政村", mend: "补填" },
  "work-place-unknown": { label: "务工地点无法识别", mend: "补省市县" },
  "wage-unreadable": { label: "金额无法识别", mend: "填数字（元）" },
  "wage-implausible": { label: "金额明显不合理", mend: "核对" },
  "phone-invalid": { label: "电话号码不对", mend: "核对" },
  "bank-account-doubtful": { label: "银行账号存疑", mend: "核对" },
  "duplicate-differs": { label: "同一人多行且内容不同", mend: "保留一行" },
  "code-unknown": { label: "选项不在字典内", mend: "按字典填写" },
  "value-missing": { label: "必填项为空", mend: "补填" },
  "month-differs": { label: "月份与批次不符", mend: "核对" },
  "too-long": { label: "内容过长", mend: "缩短" },
  "person-unknown": { label: "登记库无此人", mend: "先导入此人所在的名单" },
  "formula-error": { label: "公式出错", mend: "填写实际内容" },
};
export const faultSeverities = ["repaired", "waiting", "notice"] as const;
/** repaired: mended by rule and applied; waiting: the row is held back; notice: the row is applied, the cell looks doubtful. */
export type FaultSeverity = (typeof faultSeverities)[number];

export const differenceKinds = ["new", "changed", "vanished", "returned", "moved", "conflicting"] as const;
export type DifferenceKind = (typeof differenceKinds)[number];
export const differenceKindLabels: Record<DifferenceKind, string> = {
  new: "新增", changed: "变更", vanished: "消失", returned: "返回", moved: "迁移", conflicting: "冲突",
};

export const reasonCodes = [
  "N1", "N2", "N3", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "V1", "V2", "R1", "R2", "M1", "M2", "M3", "X1", "X2", "X3", "X4", "X5", "X6",
] as const;
export type ReasonCode = (typeof reasonCodes)[number];
export const reasonLabels: Record<ReasonCode, string> = {
  N1: "首次务工", N2: "新识别人员", N3: "新增记录",
  C1: "换单位", C2: "就业地点", C3: "工资", C4: "联系方式", C5: "起止时间", C6: "意愿与技能", C7: "基本信息", C8: "补录经历",
  V1: "本月未报", V2: "移出名单",
  R1: "间断返回", R2: "恢复上报",
  M1: "村划调整", M2: "转移就业地", M3: "跨村迁移",
  X1: "户籍在外县", X2: "两源不符", X3: "时间重叠", X4: "缺结束时间", X5: "证号归属不清", X6: "他处已报",
};

export const decisions = ["adopt", "leave", "task"] as const;
export type Decision = (typeof decisions)[number];
export const decisionLabels: Record<Decision, string> = { adopt: "采纳", leave: "暂不处理", task: "转比对任务" };

/** Fields a ledger may have; each kind uses some of them. */
export const ledgerFields = [
  "name", "identity", "sex", "birthDate", "ethnicity", "education", "maritalStatus", "prefecture", "county", "town", "village", "headName", "householdNo",
  "relationToHead", "category", "categoryFrom", "categoryTo", "categoryDetail", "labourCapacity", "health", "phone", "bankAccount", "address", "working", "workProvince",
  "workPrefecture", "workCounty", "workPlace", "employer", "creditCode", "industry", "occupation", "form", "channel", "startDate", "endDate", "endReason", "monthlyWage",
  "jobWilling", "trainingWilling", "skills", "remark", "month", "insuranceKind", "insuranceBase", "employerPart", "personPart", "insuranceStatus",
  "amount", "paidOn", "payMethod", "contractKind", "signedOn", "perCapitaIncome",
] as const;
export type LedgerField = (typeof ledgerFields)[number];
export const ledgerFieldLabels: Record<LedgerField, string> = {
  name: "姓名", identity: "身份证号", sex: "性别", birthDate: "出生日期", ethnicity: "民族", education: "文化程度", maritalStatus: "婚姻状况",
  prefecture: "市州", county: "县市区", town: "乡镇", village: "行政村", headName: "户主姓名", householdNo: "户编号", relationToHead: "与户主关系",
  category: "人员类别", categoryFrom: "识别（纳入）时间", categoryTo: "退出（消除）时间", categoryDetail: "类别说明", labourCapacity: "劳动能力", health: "健康状况",
  phone: "联系电话", bankAccount: "银行账号", address: "住址", working: "是否务工", workProvince: "务工省", workPrefecture: "务工市", workCounty: "务工县", workPlace: "务工地点",
  employer: "务工单位", creditCode: "统一社会信用代码", industry: "行业", occupation: "工种（岗位）", form: "就业形式", channel: "务工渠道", startDate: "开始时间", endDate: "结束时间",
  endReason: "结束原因", monthlyWage: "月工资（元）", jobWilling: "就业意愿", trainingWilling: "培训意愿", skills: "技能", remark: "备注", month: "所属月份",
  insuranceKind: "险种", insuranceBase: "缴费基数", employerPart: "单位缴费", personPart: "个人缴费", insuranceStatus: "缴费状态", amount: "实发工资（元）",
  paidOn: "发放日期", payMethod: "发放方式", contractKind: "合同类型", signedOn: "签订日期", perCapitaIncome: "家庭人均纯收入",
};

const kind = z.enum(ledgerKinds);
const text = (max: number) => z.string().trim().max(max, `最多 ${max} 个字`);

export const batchCounts = z.object({
  rows: z.int().default(0),
  /** Rows that are applied: valid, or repaired by rule. */
  valid: z.int().default(0),
  waiting: z.int().default(0),
  repaired: z.int().default(0),
  notices: z.int().default(0),
  unchanged: z.int().default(0),
  differences: z.partialRecord(z.enum(differenceKinds), z.int()).default({}),
  /** Of the persons this batch covers, those not reported, in 1/10,000. */
  vanishedPerTenThousand: z.int().default(0),
});
export type BatchCounts = z.output<typeof batchCounts>;

export const batchSummary = z.object({
  batchId: id,
  kind,
  month,
  title: z.string(),
  sender: z.string(),
  coverage: z.array(z.object({ code: regionCode, name: z.string() })),
  region: regionCode,
  fileName: z.string(),
  format: z.string().nullable(),
  state: z.enum(batchStates),
  round: z.int(),
  counts: batchCounts,
  problem: z.object({ code: z.string(), message: z.string() }).nullable(),
  receivedBy: z.string(),
  receivedAt: z.string(),
  appliedAt: z.string().nullable(),
  appliedBy: z.string().nullable(),
  complete: z.boolean(),
  /** Second officer's consent to the vanished, needed above 3 %. */
  vanishApproval: z.enum(["not-needed", "needed", "given"]),
  undoneBy: id.nullable(),
  counterOf: id.nullable(),
  taskId: id.nullable(),
});
export type BatchSummary = z.output<typeof batchSummary>;

const access = (permission: string) => ({ permission });
export const ledgerPermissions = {
  read: "ledger.read",
  write: "ledger.write",
  apply: "ledger.apply",
  approve: "ledger.approve",
} as const;

export const receiveBatch = upload({
  path: "/api/ledger/batches",
  summary: "接收台账",
  access: access(ledgerPermissions.write),
  input: z.object({
    kind,
    month,
    sender: text(60).min(1, "请填写移交单位"),
    /** Regions the table is complete for, comma-separated codes; empty: the officer's own area. */
    coverage: z.string().default("").transform((value) => value.split(",").filter(Boolean)).pipe(z.array(regionCode).max(200)),
    complete: z.enum(["true", "false"]).default("true").transform((value) => value === "true"),
    title: text(60).default(""),
  }),
  output: z.object({ batchId: id, taskId: id, sameFileAs: z.object({ batchId: id, appliedAt: z.string().nullable() }).nullable() }),
});

export const listBatches = query({
  path: "/api/ledger/batches",
  summary: "查看台账批次",
  access: access(ledgerPermissions.read),
  input: z.object({ ...paging, kind: kind.optional(), month: month.optional(), state: z.enum(batchStates).optional() }),
  output: pageOf(batchSummary),
});

const oneBatch = z.object({ batchId: id });

export const getBatch = query({ path: "/api/ledger/batches/:batchId", summary: "查看台账批次", access: access(ledgerPermissions.read), input: oneBatch, output: batchSummary });

/** What the file looks like and how its columns are understood. */
export const sheetMapping = z.object({
  sheet: z.int(),
  name: z.string(),
  used: z.boolean(),
  headerRows: z.array(z.int()),
  firstDataRow: z.int(),
  rows: z.int().nullable(),
  columns: z.array(z.object({ column: z.int(), header: z.string(), samples: z.array(z.string()), field: z.enum(ledgerFields).nullable() })),
  missing: z.array(z.enum(ledgerFields)),
});
export type SheetMapping = z.output<typeof sheetMapping>;

export const getMapping = query({
  path: "/api/ledger/batches/:batchId/mapping",
  summary: "查看列对应",
  access: access(ledgerPermissions.read),
  input: oneBatch,
  output: z.object({
    remembered: z.object({ usedAt: z.string() }).nullable(),
    sheets: z.array(sheetMapping),
    fields: z.array(z.object({ field: z.enum(ledgerFields), required: z.boolean() })),
  }),
});

export const confirmMapping = action({
  path: "/api/ledger/batches/:batchId/mapping",
  method: "PUT",
  summary: "确认列对应",
  access: access(ledgerPermissions.write),
  input: oneBatch.extend({
    sheets: z.array(z.object({ sheet: z.int(), used: z.boolean(), columns: z.array(z.object({ column: z.int(), field: z.enum(ledgerFields).nullable() })) })).max(500),
  }),
  output: z.object({ taskId: id }),
});

export const listFaultCounts = query({
  path: "/api/ledger/batches/:batchId/fault-counts",
  summary: "查看校验结果",
  access: access(ledgerPermissions.read),
  input: oneBatch,
  output: z.array(z.object({ code: z.enum(faultCodes), severity: z.enum(faultSeverities), rows: z.int(), suggested: z.int() })),
});

export const faultRow = z.object({
  sheet: z.int(), rowNo: z.int(), field: z.enum(ledgerFields), code: z.enum(faultCodes), severity: z.enum(faultSeverities),
  message: z.string(), value: z.string(), suggestion: z.string().nullable(), name: z.string().nullable(), village: z.string().nullable(),
});

export const listFaults = query({
  path: "/api/ledger/batches/:batchId/faults",
  summary: "查看校验结果",
  access: access(ledgerPermissions.read),
  input: oneBatch.extend({ ...paging, code: z.enum(faultCodes).optional(), severity: z.enum(faultSeverities).optional() }),
  output: pageOf(faultRow),
});

/** Mends cells: one cell with a new text, or all faults of one code by their suggestions. The batch is then checked again. */
export const repairCells = action({
  path: "/api/ledger/batches/:batchId/repairs",
  summary: "修复台账",
  access: access(ledgerPermissions.write),
  input: oneBatch.extend({
    cells: z.array(z.object({ sheet: z.int(), rowNo: z.int(), field: z.enum(ledgerFields), value: text(200) })).max(1000).default([]),
    acceptSuggestionsOf: z.enum(faultCodes).optional(),
  }),
  output: z.object({ taskId: id, repaired: z.int() }),
});

/** The same workbook with marked and commented cells (up to 50,000 rows), else a workbook of the faulty rows. */
export const downloadMarked = download({ path: "/api/ledger/batches/:batchId/marked", summary: "下载标错原表", access: access(ledgerPermissions.read), input: oneBatch });
export const uploadMended = upload({
  path: "/api/ledger/batches/:batchId/mended",
  summary: "上传修好的表",
  access: access(ledgerPermissions.write),
  input: oneBatch,
  output: z.object({ taskId: id, mendedRows: z.int().nullable() }),
});

export const differenceCell = z.object({
  field: z.string(), label: z.string(), held: z.string().nullable(), claimed: z.string().nullable(), act: z.enum(["adopt", "task", "info"]), heldSource: z.string().nullable(),
});

export const differenceRow = z.object({
  differenceId: z.int(), kind: z.enum(differenceKinds), reason: z.enum(reasonCodes), personId: id, newPerson: z.boolean(), name: z.string(), identityMask: z.string(),
  region: regionCode, village: z.string(), rowNo: z.int().nullable(), cells: z.array(differenceCell), decision: z.enum(decisions), applied: z.boolean(),
});
export type DifferenceRow = z.output<typeof differenceRow>;

const differenceFilter = {
  region: regionCode.optional(),
  kind: z.enum(differenceKinds).optional(),
  reason: z.enum(reasonCodes).optional(),
  name: text(40).optional(),
};

export const listDifferences = query({
  path: "/api/ledger/batches/:batchId/differences",
  summary: "查看差异",
  access: access(ledgerPermissions.read),
  audit: "query",
  input: oneBatch.extend({ ...paging, ...differenceFilter }),
  output: pageOf(differenceRow),
});

/** Counts for the tree at the left: towns under the batch's regions, and villages of one opened town. */
export const countDifferences = query({
  path: "/api/ledger/batches/:batchId/difference-counts",
  summary: "查看差异",
  access: access(ledgerPermissions.read),
  input: oneBatch.extend({ under: regionCode.optional() }),
  output: z.object({
    regions: z.array(z.object({ code: regionCode, name: z.string(), total: z.int(), kinds: z.partialRecord(z.enum(differenceKinds), z.int()) })),
    reasons: z.array(z.object({ reason: z.enum(reasonCodes), total: z.int() })),
    kinds: z.partialRecord(z.enum(differenceKinds), z.int()),
  }),
});

export const decideDifferences = action({
  path: "/api/ledger/batches/:batchId/decisions",
  summary: "决定差异处理",
  access: access(ledgerPermissions.write),
  input: oneBatch.extend({
    differenceIds: z.array(z.int()).max(1000).default([]),
    /** Instead of ids: everything that the filter matches. */
    filter: z.object(differenceFilter).optional(),
    decision: z.enum(["adopt", "leave"]),
  }),
  output: z.object({ decided: z.int() }),
});

/** What applying will change, in numbers, with the decisions as they stand. */
export const previewApply = query({
  path: "/api/ledger/batches/:batchId/preview",
  summary: "查看应用影响",
  access: access(ledgerPermissions.read),
  input: oneBatch,
  output: z.object({
    places: z.int(), newPersons: z.int(), newRecords: z.int(), changedCells: z.int(), changedPersons: z.int(), resumed: z.int(), moved: z.int(), toVerify: z.int(), tasks: z.int(), left: z.int(), unchanged: z.int(),
    workingBefore: z.int(), workingAfter: z.int(),
  }),
});

export const applyBatch = action({ path: "/api/ledger/batches/:batchId/apply", summary: "应用台账", access: access(ledgerPermissions.apply), input: oneBatch, output: z.object({ taskId: id }) });
export const approveVanished = action({
  path: "/api/ledger/batches/:batchId/approve-vanished",
  summary: "复核消失人员",
  access: access(ledgerPermissions.approve),
  input: oneBatch,
  output: z.object({ approved: z.literal(true) }),
});

export const previewUndo = query({
  path: "/api/ledger/batches/:batchId/undo-preview",
  summary: "查看撤销影响",
  access: access(ledgerPermissions.read),
  input: oneBatch,
  output: z.object({ restored: z.int(), removed: z.int(), left: z.int(), later: z.array(z.object({ personId: id, name: z.string(), what: z.string(), changedBy: z.string() })) }),
});
export const undoBatch = action({ path: "/api/ledger/batches/:batchId/undo", summary: "撤销台账", access: access(ledgerPermissions.apply), input: oneBatch, output: z.object({ taskId: id }) });
export const discardBatch = action({ path: "/api/ledger/batches/:batchId/discard", summary: "作废台账批次", access: access(ledgerPermissions.write), input: oneBatch, output: z.object({ state: z.enum(batchStates) }) });

export const exportDifferences = download({
  path: "/api/ledger/batches/:batchId/differences.xlsx",
  summary: "导出差异表",
  access: access(ledgerPermissions.read),
  input: oneBatch.extend(differenceFilter),
});

export const getTask = query({
  path: "/api/ledger/tasks/:taskId",
  summary: "查看后台进度",
  access: "signed-in",
  input: z.object({ taskId: id }),
  output: z.object({
    taskId: id, state: z.enum(["queued", "running", "done", "failed"]), stage: z.string(), done: z.number(), total: z.number().nullable(),
    problem: z.object({ code: z.string(), message: z.string() }).nullable(),
  }),
});

/** For a month: which regions have handed over which kind, and how far each is. Feeds the workbench. */
export const monthProgress = query({
  path: "/api/ledger/progress",
  summary: "查看月度进度",
  access: access(ledgerPermissions.read),
  input: z.object({ month, kind: kind.default("work-ledger") }),
  output: z.object({
    dueOn: plainDate,
    regions: z.array(z.object({ code: regionCode, name: z.string(), received: z.boolean(), waiting: z.int(), toVerify: z.int(), confirmed: z.boolean(), reported: z.int(), known: z.int() })),
  }),
});

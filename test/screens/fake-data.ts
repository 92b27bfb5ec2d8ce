/** Answers of the API for looking at pages without a server: a made-up county office in September 2025. No real persons. */
type Answer = (input: { path: string; query: URLSearchParams; body: unknown }) => unknown;

const batch = (overrides: Record<string, unknown> = {}) => ({
  batchId: "12",
  kind: "work-ledger",
  month: "2025-08",
  title: "",
  sender: "县农业农村局",
  coverage: [{ code: "433124", name: "花垣县" }],
  region: "433124",
  fileName: "花垣县务工台账202508.xlsx",
  format: "xlsx",
  state: "compared",
  round: 1,
  counts: {
    rows: 20_583,
    valid: 20_571,
    waiting: 12,
    repaired: 84,
    notices: 3,
    unchanged: 19_872,
    differences: { new: 186, changed: 412, vanished: 37, returned: 24, moved: 58, conflicting: 19 },
    vanishedPerTenThousand: 18,
  },
  problem: null,
  receivedBy: "向晓岚",
  receivedAt: "2025-09-19T08:42:00Z",
  appliedAt: null,
  appliedBy: null,
  complete: true,
  vanishApproval: "not-needed",
  undoneBy: null,
  counterOf: null,
  taskId: "90",
  ...overrides,
});

export const batches: Record<string, ReturnType<typeof batch>> = {
  "12": batch(),
  "13": batch({
    batchId: "13",
    state: "mapping",
    kind: "post-roster",
    fileName: "公益岗花名册8月.xls",
    receivedAt: "2025-09-20T02:10:00Z",
    counts: { ...batch().counts, rows: 412, waiting: 0, repaired: 0, notices: 0, differences: {} },
  }),
  "14": batch({
    batchId: "14",
    state: "comparing",
    kind: "social-insurance",
    month: "2025-08",
    sender: "县社保中心",
    fileName: "社保缴费202508.csv",
    counts: { ...batch().counts, differences: {} },
  }),
  "15": batch({
    batchId: "15",
    vanishApproval: "needed",
    counts: {
      ...batch().counts,
      vanishedPerTenThousand: 362,
      differences: { ...batch().counts.differences, vanished: 412 },
    },
  }),
  "8": batch({
    batchId: "8",
    month: "2025-07",
    state: "applied",
    appliedAt: "2025-08-20T02:12:00Z",
    appliedBy: "向晓岚",
    receivedAt: "2025-08-19T03:00:00Z",
    fileName: "花垣县务工台账202507.xlsx",
    counts: { ...batch().counts, waiting: 2 },
  }),
  "7": batch({
    batchId: "7",
    month: "2025-07",
    kind: "post-roster",
    state: "applied",
    appliedAt: "2025-08-21T02:12:00Z",
    appliedBy: "向晓岚",
    receivedAt: "2025-08-21T01:00:00Z",
    fileName: "公益岗花名册7月.xlsx",
  }),
  "6": batch({ batchId: "6", month: "2025-06", state: "undone", undoneBy: "9", fileName: "花垣县务工台账202506.xlsx" }),
  "5": batch({
    batchId: "5",
    month: "2025-08",
    kind: "payroll",
    state: "refused",
    sender: "苗绣帮扶车间",
    fileName: "工资表.jpg.xlsx",
    problem: {
      code: "sheets.not-a-workbook",
      message:
        "“工资表.jpg.xlsx”不是 Excel 工作簿（内容是 JPEG 图片）。请在表格软件中打开原表，另存为 .xlsx 后重新上传。",
    },
    counts: { ...batch().counts, rows: 0, differences: {} },
  }),
};

const towns: readonly (readonly [string, string, number])[] = [
  ["433124100", "花垣镇", 158],
  ["433124101", "边城镇", 82],
  ["433124102", "龙潭镇", 71],
  ["433124103", "民乐镇", 64],
  ["433124105", "双龙镇", 93],
  ["433124106", "吉卫镇", 67],
  ["433124104", "麻栗场镇", 58],
  ["433124107", "雅酉镇", 46],
  ["433124108", "石栏镇", 41],
  ["433124201", "长乐乡", 24],
  ["433124202", "猫儿乡", 18],
  ["433124203", "补抽乡", 14],
];
const villages: readonly (readonly [string, number])[] = [
  ["十八洞村", 18],
  ["双龙村", 19],
  ["板栗村", 12],
  ["排料村", 14],
  ["金龙村", 11],
  ["龙孔村", 19],
];
const kindsOf = (total: number) => ({
  new: Math.round(total * 0.26),
  changed: Math.round(total * 0.55),
  vanished: Math.round(total * 0.06),
  returned: Math.round(total * 0.03),
  moved: Math.round(total * 0.06),
  conflicting: Math.round(total * 0.03),
});

const cell = (label: string, held: string | null, claimed: string | null, act = "adopt") => ({
  field: label,
  label,
  held,
  claimed,
  act,
  heldSource: "务工情况台账 2025-07",
});
const people: readonly Record<string, unknown>[] = [
  {
    kind: "changed",
    reason: "C1",
    name: "麻成林",
    tail: "0023",
    village: "十八洞村",
    cells: [
      cell("用人单位", "义乌 丰禾服饰厂", "东莞 锦达电子公司"),
      cell("就业县", "330782 义乌市", "441900 东莞市"),
      cell("月工资", "3,800", "5,200"),
    ],
  },
  {
    kind: "new",
    reason: "N1",
    name: "龙小娟",
    tail: "1264",
    village: "双龙村",
    cells: [cell("务工记录", null, "8-04 起 · 长沙 乐邻家政")],
  },
  {
    kind: "vanished",
    reason: "V1",
    name: "石建洪",
    tail: "0511",
    village: "排料村",
    cells: [cell("务工状态", "在岗 · 德农牧业", "本月未报")],
  },
  {
    kind: "returned",
    reason: "R1",
    name: "吴兴发",
    tail: "3037",
    village: "板栗村",
    cells: [cell("务工记录", "2025-03-31 止", "8-11 起 · 吉首 宏泰建筑")],
  },
  {
    kind: "conflicting",
    reason: "X2",
    name: "隆志勇",
    tail: "221X",
    village: "排料村",
    decision: "task",
    cells: [cell("务工状态", "失业保险：领失业金", "在岗 · 保靖县", "task")],
  },
  {
    kind: "moved",
    reason: "M1",
    name: "麻金梅",
    tail: "4428",
    village: "十八洞村",
    cells: [cell("户籍村", "排碧村", "十八洞村")],
  },
  {
    kind: "changed",
    reason: "C4",
    name: "杨胜全",
    tail: "5610",
    village: "双龙村",
    decision: "leave",
    cells: [cell("联系电话", "138****2207", "191****6615")],
  },
  {
    kind: "new",
    reason: "N2",
    name: "廖红艳",
    tail: "7722",
    village: "十八洞村",
    newPerson: true,
    cells: [cell("人员", "登记库无此人", "新建 · 边缘易致贫")],
  },
  {
    kind: "changed",
    reason: "C1",
    name: "吴正明",
    tail: "0838",
    village: "龙孔村",
    cells: [
      cell("用人单位", "花垣 兴农合作社", "花垣 苗绣帮扶车间（花垣县双龙镇十八洞村苗绣专业合作社）"),
      cell("月工资", "2,100", "2,600"),
      cell("统一社会信用代码", null, "93433124MA4L****7K", "info"),
    ],
  },
];
const differences = people.map((one, index) => ({
  differenceId: index + 1,
  personId: `10000000000${index}`,
  newPerson: false,
  decision: "adopt",
  applied: false,
  region: "433124105",
  rowNo: index + 5,
  identityMask: `433124********${String(one["tail"])}`,
  ...one,
}));

const sheet = (number: number, name: string, used = true) => ({
  sheet: number,
  name,
  used,
  headerRows: used ? [2, 3] : [],
  firstDataRow: 4,
  rows: used ? 861 : 6,
  columns: [
    ["姓名", ["龙玉珍", "石吉茂"], "name"],
    ["公民身份号码", ["4331241971****0021", "4331241968****0512"], "identity"],
    ["户籍地（村）", ["十八洞村", "双龙村"], "village"],
    ["是否务工", ["是", "是"], "working"],
    ["务工企业名称", ["东莞市锦达电子有限公司", "自谋"], null],
    ["起始时间", ["2024年3月", "45352"], "startDate"],
    ["月工资(元)", ["5200", "4,800元"], "monthlyWage"],
    ["备注2", ["", ""], null],
  ].map(([header, samples, field], index) => ({ column: index + 1, header, samples, field })),
  missing: ["employer"],
});

const faults = [
  { code: "full-width", severity: "repaired", rows: 41, suggested: 41 },
  { code: "excel-date", severity: "repaired", rows: 22, suggested: 22 },
  { code: "village-renamed", severity: "repaired", rows: 14, suggested: 14 },
  { code: "duplicate-same", severity: "repaired", rows: 7, suggested: 7 },
  { code: "identity-number-format", severity: "waiting", rows: 8, suggested: 0 },
  { code: "end-before-start", severity: "waiting", rows: 3, suggested: 3 },
  { code: "sex-contradicts", severity: "waiting", rows: 1, suggested: 1 },
  { code: "phone-invalid", severity: "notice", rows: 3, suggested: 0 },
];
const faultRows = [
  {
    sheet: 1,
    rowNo: 187,
    field: "identity",
    code: "identity-number-format",
    severity: "waiting",
    message: "证件号码被表格软件当作数字存储，末 3 位已丢失（显示为 4.33124E+17）。请向村里核对后补全。",
    value: "433124********0000",
    suggestion: null,
    name: "石吉茂",
    village: "双龙村",
  },
  {
    sheet: 1,
    rowNo: 342,
    field: "endDate",
    code: "end-before-start",
    severity: "waiting",
    message: "结束时间 2024-03-01 早于开始时间 2025-03-01。",
    value: "2024-03-01",
    suggestion: "2025-03-01",
    name: "吴秀云",
    village: "板栗村",
  },
  {
    sheet: 1,
    rowNo: 977,
    field: "sex",
    code: "sex-contradicts",
    severity: "waiting",
    message: "填写为“男”，证件号码显示为女。",
    value: "男",
    suggestion: "女",
    name: "龙玉珍",
    village: "十八洞村",
  },
  {
    sheet: 2,
    rowNo: 18,
    field: "startDate",
    code: "excel-date",
    severity: "repaired",
    message: "单元格是日期序号 45352，已换算。",
    value: "45352",
    suggestion: "2024-03-01",
    name: "麻顺清",
    village: "金龙村",
  },
  {
    sheet: 2,
    rowNo: 44,
    field: "phone",
    code: "phone-invalid",
    severity: "notice",
    message: "手机号只有 10 位，照原样保存，请核对。",
    value: "138****220",
    suggestion: null,
    name: "杨秀英",
    village: "龙孔村",
  },
];

const duty = (overrides: Record<string, unknown>) => ({
  key: String(overrides["title"]),
  due: "2025-09-20",
  words: "逾期 2 天",
  tone: "late",
  basis: { source: "〔2021〕10号（十三）", quote: "县级乡村振兴部门每月20日前将……移交同级人社部门" },
  progress: { words: "0 / 1 份", part: 0 },
  next: { label: "去接收", path: "/ledger/receive?kind=post-roster&month=2025-08" },
  ...overrides,
});

const officer = {
  officerId: "3",
  login: "huayuan",
  name: "向晓岚",
  organisation: "花垣县人力资源和社会保障局",
  duties: ["county-clerk"],
  dutyLabels: ["台账与补贴经办"],
  region: { code: "433124", name: "花垣县", fullName: "花垣县", path: "湘西州 · 花垣县" },
  permissions: [
    "ledger.read",
    "ledger.write",
    "ledger.apply",
    "ledger.approve",
    "registry.read",
    "registry.edit",
    "registry.unmask",
    "registry.export",
    "registry.compare",
    "registry.employers",
    "workbench.read",
  ],
  csrf: "fake",
  mustChangePassword: false,
};

let progressed = 0;

export const answers: readonly (readonly [method: string, pattern: RegExp, answer: Answer])[] = [
  ["GET", /^\/api\/identity\/me$/, () => ({ officer, businessDate: "2025-09-22", demo: true, demoAccess: null })],
  [
    "GET",
    /^\/api\/workbench\/today$/,
    () => ({
      month: "2025-08",
      duties: [
        duty({ title: "接收 8月公益性岗位花名册", detail: "尚未收到移交" }),
        duty({
          title: "处理逾期的比对任务 2 件",
          detail: "两源不符，共 38 件待处理",
          due: null,
          words: "已逾期",
          basis: null,
          progress: { words: "2 / 38 件逾期", part: 0 },
          next: { label: "去处理", path: "/comparisons" },
        }),
        duty({
          title: "确认列 8月公益性岗位花名册",
          detail: "列名已认出，等您核对",
          due: "2025-09-22",
          words: "今日",
          tone: "soon",
          progress: { words: "第 2 / 6 步", part: 2 / 6 },
          next: { label: "继续", path: "/ledger/13" },
        }),
        duty({
          title: "应用 8月务工情况台账",
          detail: "比对已完成，736 处差异待应用，12 行待修",
          due: "2025-09-29",
          words: "还剩 7 天",
          tone: "plain",
          progress: { words: "第 4 / 6 步", part: 4 / 6 },
          next: { label: "继续", path: "/ledger/12" },
        }),
        duty({
          title: "处理无法读取的 8月工资表",
          detail: "无法读取，请核对文件",
          due: null,
          words: "已等 1 天",
          tone: "plain",
          basis: null,
          progress: { words: "第 1 / 6 步", part: 1 / 6 },
          next: { label: "看原因", path: "/ledger/5" },
        }),
      ],
      queues: [
        {
          key: "mapping",
          label: "待确认列",
          value: 1,
          unit: "批",
          note: "核对后开始校验",
          tone: "plain",
          path: "/ledger?state=mapping",
        },
        {
          key: "repair",
          label: "待修复",
          value: 12,
          unit: "行",
          note: "不应用，不算消失",
          tone: "soon",
          path: "/ledger/12?step=check",
        },
        {
          key: "apply",
          label: "待应用",
          value: 1,
          unit: "批",
          note: "最久 3 天",
          tone: "plain",
          path: "/ledger?state=compared",
        },
        {
          key: "approve",
          label: "待复核",
          value: 0,
          unit: "批",
          note: "消失超过 3%",
          tone: "plain",
          path: "/ledger?state=compared",
        },
        {
          key: "comparisons",
          label: "比对任务",
          value: 38,
          unit: "件",
          note: "逾期 2 件",
          tone: "late",
          path: "/comparisons",
        },
        {
          key: "verify",
          label: "待核实",
          value: 96,
          unit: "人",
          note: "派村核实",
          tone: "soon",
          path: "/persons?workStates=to-verify",
        },
      ],
      lastApplied: { at: "2025-08-21T02:12:00Z", what: "7月务工情况台账" },
    }),
  ],
  [
    "GET",
    /^\/api\/ledger\/progress$/,
    () => ({
      dueOn: "2025-09-20",
      regions: towns.map(([code, name, total], index) => ({
        code,
        name,
        received: index < 11,
        waiting: index === 8 ? 6 : 0,
        toVerify: index % 4 === 3 ? 4 : 0,
        confirmed: index < 8 && index % 4 !== 3,
        reported: index < 11 ? total * 20 - (index % 4 === 3 ? 60 : 0) : 0,
        known: total * 20,
      })),
    }),
  ],
  [
    "GET",
    /^\/api\/ledger\/batches$/,
    ({ query }) => {
      const rows = Object.values(batches).filter(
        (one) =>
          (!query.get("state") || one.state === query.get("state")) &&
          (!query.get("month") || one.month === query.get("month")) &&
          (!query.get("kind") || one.kind === query.get("kind")),
      );
      return { rows, total: rows.length };
    },
  ],
  ["GET", /^\/api\/ledger\/batches\/(\d+)$/, ({ path }) => batches[path.split("/").at(-1) ?? ""]],
  [
    "GET",
    /\/mapping$/,
    () => ({
      remembered: { usedAt: "2025-08-19T03:00:00Z" },
      sheets: [sheet(1, "十八洞村"), sheet(2, "双龙村"), sheet(3, "板栗村"), sheet(4, "填表说明", false)],
      fields: [
        "name",
        "identity",
        "sex",
        "village",
        "working",
        "employer",
        "startDate",
        "endDate",
        "monthlyWage",
        "phone",
        "remark",
      ].map((field) => ({ field, required: ["name", "identity", "employer"].includes(field) })),
    }),
  ],
  ["GET", /\/fault-counts$/, () => faults],
  [
    "GET",
    /\/faults$/,
    ({ query }) => {
      const rows = faultRows.filter(
        (one) =>
          (!query.get("severity") || one.severity === query.get("severity")) &&
          (!query.get("code") || one.code === query.get("code")),
      );
      return { rows, total: rows.length };
    },
  ],
  [
    "GET",
    /\/differences$/,
    ({ query }) => ({
      rows: [...differences, ...differences.map((one) => ({ ...one, differenceId: one.differenceId + 20 }))].filter(
        (one) => !query.get("kind") || (one as { kind?: unknown }).kind === query.get("kind"),
      ),
      total: query.get("region") ? 93 : 736,
    }),
  ],
  [
    "GET",
    /\/difference-counts$/,
    ({ query }) => {
      const under = query.get("under");
      const list =
        under && under !== "433124"
          ? villages.map(([name, total], index) => ({
              code: `${under}${200 + index}`,
              name,
              total,
              kinds: kindsOf(total),
            }))
          : towns.map(([code, name, total]) => ({ code, name, total, kinds: kindsOf(total) }));
      const whole = towns.find(([code]) => code === under)?.[2] ?? 736;
      return {
        regions: list,
        reasons: [
          { reason: "C1", total: 40 },
          { reason: "N1", total: 20 },
          { reason: "V1", total: 6 },
        ],
        kinds: kindsOf(whole),
      };
    },
  ],
  [
    "GET",
    /\/preview$/,
    () => ({
      places: 717,
      newPersons: 21,
      newRecords: 186,
      changedCells: 638,
      changedPersons: 412,
      resumed: 24,
      moved: 58,
      toVerify: 37,
      tasks: 19,
      left: 0,
      unchanged: 19_872,
      workingBefore: 20_410,
      workingAfter: 20_583,
    }),
  ],
  [
    "GET",
    /\/undo-preview$/,
    () => ({
      restored: 682,
      removed: 186,
      left: 2,
      later: [
        { personId: "1", name: "杨胜全", what: "联系电话", changedBy: "石玉兰 9月21日" },
        { personId: "2", name: "麻顺清", what: "月工资", changedBy: "社保缴费 8月" },
      ],
    }),
  ],
  [
    "GET",
    /^\/api\/ledger\/tasks\//,
    () => ({
      taskId: "90",
      state: "running",
      stage: "正在与登记库比对",
      done: (progressed += 1200),
      total: 20_583,
      problem: null,
    }),
  ],
  ["POST", /\/decisions$/, () => ({ decided: 1 })],
  ["GET", /^\/api\/registry\/employer-names$/, () => ({ rows: [], total: 6 })],
  ["GET", /^\/api\/registry\/comparisons\/counts$/, () => ({ open: 38, overdue: 2, byField: [] })],
  ["GET", /^\/api\/registry\/comparisons$/, () => ({ rows: [], total: 38 })],
  [
    "GET",
    /^\/api\/registry\/regions\/children$/,
    () =>
      towns.map(([code, name]) => ({
        code,
        name,
        fullName: name,
        level: "town",
        parent: "433124",
        hasChildren: true,
        hosted: true,
      })),
  ],
  [
    "GET",
    /^\/api\/registry\/regions\/\d+\/path$/,
    () => [
      {
        code: "433124",
        name: "花垣县",
        fullName: "花垣县",
        level: "county",
        parent: "4331",
        hasChildren: true,
        hosted: true,
      },
    ],
  ],
  [
    "POST",
    /^\/api\/registry\/find$/,
    () => ({
      readAs: "text",
      persons: [
        {
          personId: "1",
          name: "龙建平",
          identityMask: "433124********0416",
          phoneMask: "187****4402",
          home: { code: "433124105", name: "双龙镇 十八洞村", fullName: "" },
          workState: "idle",
        },
        {
          personId: "2",
          name: "龙建平",
          identityMask: "433124********2217",
          phoneMask: null,
          home: { code: "433124105", name: "龙潭镇 铅厂村", fullName: "" },
          workState: "working",
        },
      ],
      more: false,
      regions: [],
    }),
  ],
];

import { batches, differences, faultRows, faults, kindsOf, sheet, towns, villages } from "./fake-ledger.ts";

/** Answers of the API for looking at pages without a server: a made-up county office in September 2025. No real persons. */
type Answer = (input: { path: string; query: URLSearchParams; body: unknown }) => unknown;

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
  [
    "GET",
    /^\/api\/demo\/files$/,
    () => [
      {
        fileId: "1",
        name: "花垣县2025年8月务工情况台账.xlsx",
        bytes: 3_774_000,
        kind: "work-ledger",
        month: "2025-08",
      },
    ],
  ],
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

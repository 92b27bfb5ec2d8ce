/** Fact sources of the kernel's own tests: each over a table of the test's making, whose columns are named by position. */
import type { FactField, FactSource, KeyColumn } from "../facts/source.ts";
import type { ScalarKind } from "../values/types.ts";

type Shape = ScalarKind | `list of ${ScalarKind}` | readonly string[];
interface Written {
  readonly [name: string]: Shape | readonly [Shape, Partial<FactField>];
}

const isMore = (written: Written[string]): written is readonly [Shape, Partial<FactField>] =>
  Array.isArray(written) && written.length === 2 && typeof written[1] === "object";

function fields(written: Written): readonly FactField[] {
  return Object.entries(written).map(([name, given], index) => {
    const [shape, more] = isMore(given) ? given : [given as Shape, {}];
    const list = typeof shape === "string" && shape.startsWith("list of ") ? (shape.slice(8) as ScalarKind) : null;
    return {
      name,
      column: `c${index}`,
      type: typeof shape !== "string" ? "text" : list ? "list" : (shape as ScalarKind),
      ...(list ? { of: list } : {}),
      ...(typeof shape === "string" ? {} : { codes: Object.fromEntries(shape.map((code) => [code, code])) }),
      label: name,
      question: `${name}？`,
      supplier: name.startsWith("劳动者") ? "公安、乡村振兴部门" : "人社部门",
      changes: "fixed",
      ...more,
    };
  });
}

const id = (column: string): KeyColumn => ({ column, type: "text" });

function source(
  name: string,
  table: string,
  jurisdiction: readonly [string, string],
  subjects: Readonly<Record<string, KeyColumn>>,
  written: Written,
  claim?: KeyColumn,
): FactSource {
  return {
    name,
    label: name,
    sql: `SELECT * FROM ${table} WHERE {{scope}}`,
    key: [{ column: "id", type: "bigint" }],
    subjects,
    jurisdictions: { [jurisdiction[0]]: jurisdiction[1] },
    fields: fields(written),
    ...(claim ? { claim } : {}),
  };
}

const END = ["date", { openEnded: true, changes: "by-time" }] as const;

export const SOURCES: readonly FactSource[] = [
  source(
    "劳务介绍",
    "introduction",
    ["输出地", "劳动者.户籍县"],
    { 劳动者: id("s0") },
    {
      "介绍机构.类型": ["人力资源服务机构", "农村劳务经纪人", "其他市场主体", "公共就业服务机构"],
      "介绍机构.资质有效": "boolean",
      "介绍机构.编号": "text",
      "介绍.有购买服务协议": "boolean",
      "介绍.介绍人": "text",
      "劳动者.脱贫人口": "boolean",
      "劳动者.户籍县": "text",
      "劳动者.出生日期": "date",
      "劳动者.性别": ["男", "女"],
      "就业.所在县": ["text", { changes: "by-person", candidates: ["430100", "440300"] }],
      "就业.开始日期": "date",
      "就业.结束日期": END,
    },
  ),
  source(
    "企业吸纳",
    "absorption",
    ["用人单位所在地", "单位.所在县"],
    { 劳动者: id("s0") },
    {
      "单位.类型": ["企业", "合作社", "机关"],
      "单位.所在县": "text",
      "劳动者.脱贫人口": "boolean",
      "劳动者.出生日期": "date",
      "合同.无固定期限": "boolean",
      "合同.开始日期": "date",
      "合同.结束日期": "date",
      "就业.开始日期": "date",
      "就业.结束日期": END,
      "参保.各月单位缴费": "list of fen",
      "参保.月缴费": "fen",
      "参保.申领月数": "integer",
    },
  ),
  source(
    "岗位月",
    "post_month",
    ["岗位所在地", "岗位.所在县"],
    { 劳动者: id("s0") },
    {
      "岗位.所在县": "text",
      "岗位.类型": ["保洁", "护林", "重体力"],
      "岗位.已登记": "boolean",
      "岗位.人社认定": "boolean",
      "岗位月.月份": "date",
      "岗位月.出勤天数": "integer",
      "岗位月.日标准": "fen",
      "在岗.开始日期": "date",
      "合同.开始日期": "date",
      "合同.结束日期": "date",
      "劳动者.出生日期": "date",
      "劳动者.脱贫人口": "boolean",
      "劳动者.监测对象": "boolean",
      "劳动者.劳动能力": ["正常", "弱劳动力", "半劳动力"],
    },
    id("s1"),
  ),
  source(
    "车间吸纳",
    "workshop",
    ["车间所在地", "车间.所在县"],
    { 劳动者: id("s0"), 车间: id("s1") },
    {
      "车间.所在县": "text",
      "车间.认定日期": "date",
      "劳动者.户籍县": "text",
      "劳动者.常住县": "text",
      "劳动者.脱贫人口": "boolean",
      "劳动者.监测对象": "boolean",
      "就业.开始日期": "date",
      "就业.结束日期": END,
      "吸纳.年初": "date",
      "吸纳.另有车间": "boolean",
    },
  ),
  source(
    "贷款申请",
    "loan",
    ["创业地", "借款人.所在县"],
    { 借款人: id("s0") },
    {
      "借款人.所在县": "text",
      "借款人.类型": ["个人", "合伙", "小微企业", "其他"],
      "借款人.返乡创业": "boolean",
      "借款人.合伙人数": "integer",
      "借款人.信用标记": "list of text",
      "借款人.项目": "list of text",
      "贷款.申请金额": "fen",
      "贷款.申请日期": "date",
      "贷款.受理日期": "date",
    },
  ),
  source(
    "培训报名",
    "training",
    ["培训地", "培训.所在县"],
    { 学员: id("s0") },
    {
      "培训.所在县": "text",
      "培训.工种": "text",
      "培训.天数": "integer",
      "培训.出勤天数": "integer",
      "培训.缺勤天数": "integer",
      "培训.证书等级": ["初级", "中级", "高级", "无"],
      "培训.证书编号": "text",
      "培训.结束日期": "date",
      "学员.脱贫人口": "boolean",
    },
  ),
  source(
    "以工代赈项目",
    "relief",
    ["项目所在地", "项目.所在县"],
    {},
    {
      "项目.所在县": "text",
      "项目.类型": ["中央预算内投资", "衔接资金", "推广方式"],
      "项目.检查日期": "date",
      "项目.劳务报酬": "fen",
      "项目.当地报酬": "fen",
      "项目.中央资金": "fen",
      "项目.省级资金": "fen",
      "项目.市县资金": "fen",
      "项目.有书面例外": "boolean",
    },
  ),
];

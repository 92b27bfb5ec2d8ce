import { BOOLEAN, DATE, FEN, INTEGER, TEXT, type ValueType } from "../values/types.ts";

/** What a parameter of a function takes. `number` is an integer or money; `percent` is a whole percentage or a rate. */
export type ArgumentKind = "text" | "boolean" | "date" | "integer" | "number" | "percent" | "rate" | "list" | "any";

export interface FunctionSignature {
  readonly name: string;
  readonly arguments: readonly { readonly name: string; readonly takes: ArgumentKind }[];
  /** `same` is the type of the first argument (of its elements, for a list). */
  readonly returns: ValueType | "same";
  /** One or more arguments of the first kind, or one list of them. */
  readonly variadic?: boolean;
  /** Shown by completion in the editor. */
  readonly says: string;
  /** Clause or ambiguity that settles its meaning. */
  readonly source?: string;
}

const one = (
  name: string,
  takes: readonly (readonly [string, ArgumentKind])[],
  returns: ValueType | "same",
  says: string,
  more: Pick<FunctionSignature, "variadic" | "source"> = {},
): FunctionSignature => ({
  name,
  arguments: takes.map(([label, kind]) => ({ name: label, takes: kind })),
  returns,
  says,
  ...more,
});

const DAY = ["日期", "date"] as const;
const FROM_TO = [
  ["起", "date"],
  ["止", "date"],
] as const;
const FRACTION = [
  ["分子", "number"],
  ["分母", "number"],
] as const;
const SHARE = [
  ["部分", "number"],
  ["总额", "number"],
  ["百分数或比率", "percent"],
] as const;

/** Every function a rule may call, besides `not` and `known`, which are operators. All of these are strict. */
export const FUNCTIONS: readonly FunctionSignature[] = [
  one(
    "满月日",
    [
      ["起", "date"],
      ["月数", "integer"],
    ],
    DATE,
    "从起始日起满若干个月的那一天",
    { source: "AMB-02" },
  ),
  one("整月数", FROM_TO, INTEGER, "两日之间已满的月数", { source: "AMB-02" }),
  one(
    "周岁",
    [
      ["出生日期", "date"],
      ["日期", "date"],
    ],
    INTEGER,
    "某日的周岁数",
    { source: "AMB-07" },
  ),
  one("年", [DAY], INTEGER, "日期的年份"),
  one("月", [DAY], INTEGER, "日期的月份，1至12"),
  one("日", [DAY], INTEGER, "日期的日，1至31"),
  one("月初", [DAY], DATE, "当月第一天"),
  one("月末", [DAY], DATE, "当月最后一天"),
  one("加月", [DAY, ["月数", "integer"]], DATE, "若干个月后的同一日，没有同一日的取月末"),
  one("加日", [DAY, ["天数", "integer"]], DATE, "若干天后的日期"),
  one("日数", FROM_TO, INTEGER, "起止两日之间的天数，含起止两日；止早于起时为0"),
  one("元", [["元", "integer"]], FEN, "以元为单位的整数金额，换成分"),
  one("四舍五入到分", FRACTION, FEN, "分子÷分母，四舍五入到分", { source: "AMB-46" }),
  one("向下取整比例", FRACTION, "same", "分子÷分母，只舍不入"),
  one(
    "按比例",
    [
      ["基数", "number"],
      ["比率", "rate"],
    ],
    FEN,
    "基数×比率，四舍五入到分",
    { source: "AMB-46" },
  ),
  one(
    "上浮",
    [
      ["基数", "number"],
      ["比率", "rate"],
    ],
    FEN,
    "基数×（1＋比率），四舍五入到分",
    { source: "AMB-46" },
  ),
  one("比例不低于", SHARE, BOOLEAN, "部分占总额的比例不低于，交叉相乘比较，不作舍入", { source: "AMB-21" }),
  one("比例不高于", SHARE, BOOLEAN, "部分占总额的比例不高于，交叉相乘比较，不作舍入", { source: "AMB-21" }),
  one("min", [["值", "any"]], "same", "最小的一个", { variadic: true }),
  one("max", [["值", "any"]], "same", "最大的一个", { variadic: true }),
  one("count", [["列表", "list"]], INTEGER, "列表的个数"),
  one("sum", [["列表", "list"]], "same", "列表的合计；空列表没有合计"),
  one(
    "list contains",
    [
      ["列表", "list"],
      ["值", "any"],
    ],
    BOOLEAN,
    "列表是否含有该值",
  ),
  one(
    "contains",
    [
      ["文本", "text"],
      ["片段", "text"],
    ],
    BOOLEAN,
    "文本是否含有该片段",
  ),
  one(
    "starts with",
    [
      ["文本", "text"],
      ["开头", "text"],
    ],
    BOOLEAN,
    "文本是否以此开头",
  ),
  one(
    "ends with",
    [
      ["文本", "text"],
      ["结尾", "text"],
    ],
    BOOLEAN,
    "文本是否以此结尾",
  ),
  one(
    "区划属于",
    [
      ["区划代码", "text"],
      ["上级代码", "text"],
    ],
    BOOLEAN,
    "前者是否就是后者或在后者辖区内",
    { source: "0.3" },
  ),
  one("省级区划", [["区划代码", "text"]], TEXT, "所在省的六位代码"),
  one("市级区划", [["区划代码", "text"]], TEXT, "所在市州的六位代码"),
];

export const functionNamed = (name: string): FunctionSignature | undefined =>
  FUNCTIONS.find((signature) => signature.name === name);

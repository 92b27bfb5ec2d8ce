/** 四项重点指标, in the order of the text (HN24). */
export const indicators = ["workers", "posts", "workshops", "absorbed"] as const;
export type Indicator = (typeof indicators)[number];

export interface IndicatorWords {
  readonly label: string;
  readonly unit: string;
  /** What is counted, for the foot of the report. */
  readonly counted: string;
  /** Where the rows come from. */
  readonly from: string;
}

export const indicatorWords: Record<Indicator, IndicatorWords> = {
  workers: {
    label: "脱贫人口务工规模",
    unit: "人",
    counted: "月末在岗（务工起止时间覆盖当月最后一日）的脱贫人口和监测对象，每人计一次，按户籍地",
    from: "务工情况台账、人员名单",
  },
  posts: {
    label: "公益性岗位安置数量",
    unit: "人",
    counted: "月末在公益性岗位的人员，花名册与在岗登记合并，每人计一次，按户籍地",
    from: "公益性岗位安置人员花名册、在岗登记",
  },
  workshops: {
    label: "帮扶车间数量",
    unit: "个",
    counted: "月末在运营且认定有效的就业帮扶车间、乡村就业工厂，按所在地",
    from: "就业载体登记、认定登记",
  },
  absorbed: {
    label: "车间吸纳脱贫劳动力",
    unit: "人",
    counted: "月末在帮扶车间务工的脱贫人口和监测对象，每人计一次，按车间所在地",
    from: "务工情况台账、就业载体登记",
  },
};

/** The text that names the four. */
export const INDICATORS_SOURCE = "湘人社提函〔2024〕102号：建立脱贫人口务工情况调度通报机制，聚焦四项重点指标";

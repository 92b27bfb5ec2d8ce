import type { RegisterDefinition } from "#registers/contract";

const group = "公益性岗位";

const WELFARE_POSTS: RegisterDefinition = {
  name: "welfare-posts",
  title: "公益性岗位",
  about: "每行一个公益性岗位，由设岗的用人部门报县级人社部门登记、认定。",
  group,
  table: "welfare_posts.welfare_post",
  id: "post_id",
  key: ["code"],
  columns: [
    { column: "code", label: "岗位编号", type: "text", required: true, synonyms: ["岗位编码", "公岗编号"] },
    { column: "name", label: "岗位名称", type: "text", required: true, synonyms: ["公益岗位名称", "岗位"] },
    {
      column: "county",
      label: "岗位所在县",
      type: "region",
      required: true,
      synonyms: ["所在县", "县（市、区）", "县市区"],
    },
    {
      column: "scheme",
      label: "岗位类属",
      type: "code",
      required: true,
      codes: ["乡村公益性岗位", "城乡公益性岗位"],
      hint: "湖南、甘肃为乡村公益性岗位，济宁为城乡公益性岗位",
    },
    {
      column: "post_kind",
      label: "岗位类型",
      type: "text",
      synonyms: ["岗位种类", "工种"],
      hint: "当地补贴标准按它确定，如保洁、护林",
    },
    {
      column: "post_class",
      label: "岗位类别",
      type: "code",
      codes: ["公共管理类", "公共服务类", "社会事业类", "设施维护类", "社会治理类"],
      hint: "城乡公益性岗位填写",
    },
    { column: "owner", label: "用人部门", type: "text", synonyms: ["用人单位", "设岗单位", "管理单位"] },
    { column: "registered", label: "已登记", type: "boolean", synonyms: ["是否登记"] },
    { column: "recognised", label: "人社认定", type: "boolean", synonyms: ["人社部门认定", "是否认定"] },
    { column: "part_time", label: "非全日制", type: "boolean", synonyms: ["是否非全日制"] },
    { column: "quota", label: "岗位人数", type: "integer", synonyms: ["设岗人数", "岗位数"] },
    {
      column: "exception",
      label: "低于标准有书面例外",
      type: "boolean",
      aside: true,
      hint: "补贴低于当地最低工资标准50%，有书面批准的填“是”",
    },
    { column: "opened_on", label: "设岗日期", type: "date", aside: true },
    { column: "closed_on", label: "撤岗日期", type: "date", aside: true },
  ],
};

/** Who holds which post. */
export const PLACEMENTS: RegisterDefinition = {
  name: "placements",
  title: "公益性岗位在岗人员",
  about: "每行一人在一个岗位上的一段在岗，由用人部门随花名册报送。",
  group,
  table: "welfare_posts.placement",
  id: "placement_id",
  key: ["code"],
  columns: [
    { column: "code", label: "在岗编号", type: "text", required: true, synonyms: ["安置编号", "上岗编号"] },
    {
      column: "post_id",
      label: "岗位编号",
      type: "reference",
      register: "welfare-posts",
      required: true,
      synonyms: ["岗位编码", "公岗编号"],
    },
    { column: "person_id", label: "身份证号", type: "person", required: true, synonyms: ["公民身份号码", "证件号码"] },
    { column: "started_on", label: "上岗日期", type: "date", required: true, synonyms: ["上岗时间", "聘用日期"] },
    { column: "ended_on", label: "退岗日期", type: "date", synonyms: ["离岗日期", "退岗时间"], hint: "仍在岗就不填" },
    { column: "end_reason", label: "退岗原因", type: "text", aside: true },
    {
      column: "meets_conditions",
      label: "符合安置条件",
      type: "boolean",
      synonyms: ["符合当地安置条件"],
      hint: "当地现行安置条件，由人社部门审核",
    },
    { column: "rural_surplus", label: "农村剩余劳动力", type: "boolean", aside: true },
    { column: "hard_to_place", label: "就业困难人员", type: "boolean", synonyms: ["是否就业困难人员"], aside: true },
    { column: "hard_to_employ", label: "市场渠道难以就业", type: "boolean", synonyms: ["难以就业"], aside: true },
    {
      column: "meets_cited",
      label: "符合开发管理办法",
      type: "boolean",
      synonyms: ["符合公益性岗位开发管理办法"],
      hint: "城乡公益性岗位填写，由人社部门认定",
      aside: true,
    },
    {
      column: "insured_by_employer",
      label: "用人单位投保意外险",
      type: "boolean",
      synonyms: ["意外伤害保险", "是否购买意外险"],
      aside: true,
    },
    {
      column: "insured_from",
      label: "意外险起期",
      type: "date",
      synonyms: ["保险起期", "意外伤害保险生效日期"],
      aside: true,
    },
    {
      column: "insured_to",
      label: "意外险止期",
      type: "date",
      synonyms: ["保险止期", "意外伤害保险到期日期"],
      aside: true,
    },
  ],
};

const SIGNINGS: RegisterDefinition = {
  name: "placement-contracts",
  title: "公益性岗位合同",
  about: "每行一次签订：劳动合同或劳务协议，续签另起一行。",
  group,
  table: "welfare_posts.signing",
  id: "signing_id",
  key: ["placement_id", "from_on"],
  columns: [
    {
      column: "placement_id",
      label: "在岗编号",
      type: "reference",
      register: "placements",
      required: true,
      synonyms: ["安置编号", "上岗编号"],
    },
    {
      column: "kind",
      label: "合同类型",
      type: "code",
      required: true,
      codes: ["劳动合同", "劳务协议", "未签订"],
      synonyms: ["协议类型"],
    },
    { column: "from_on", label: "合同开始日期", type: "date", required: true, synonyms: ["签订起始日期", "合同起期"] },
    { column: "to_on", label: "合同结束日期", type: "date", synonyms: ["签订截止日期", "合同止期"] },
  ],
};

const PLACEMENT_MONTHS: RegisterDefinition = {
  name: "placement-months",
  title: "公益性岗位月度考勤和发放",
  about: "每行一人一个月的考勤、考核和补贴发放，由用人部门按月报送。",
  group,
  table: "welfare_posts.placement_month",
  id: "placement_month_id",
  key: ["placement_id", "month"],
  columns: [
    {
      column: "placement_id",
      label: "在岗编号",
      type: "reference",
      register: "placements",
      required: true,
      synonyms: ["安置编号", "上岗编号"],
    },
    { column: "month", label: "月份", type: "month", required: true, synonyms: ["考勤月份", "补贴月份", "所属月份"] },
    {
      column: "days_on_post",
      label: "在岗天数",
      type: "integer",
      synonyms: ["在岗日历天数"],
      hint: "按日历天数，整月在岗填当月天数",
    },
    { column: "hours", label: "劳动小时", type: "integer", synonyms: ["工作小时", "工时"], hint: "非全日制岗位填写" },
    { column: "appraised", label: "按期考核", type: "boolean", synonyms: ["是否考核"] },
    {
      column: "flexible_income_fen",
      label: "灵活就业收入",
      type: "fen",
      synonyms: ["近12个月灵活就业收入"],
      hint: "本人申报的近12个月灵活就业收入，元",
      aside: true,
    },
    { column: "allowance_fen", label: "补贴金额", type: "fen", synonyms: ["岗位补贴", "发放金额", "补贴金额（元）"] },
    { column: "paid_on", label: "发放日期", type: "date", synonyms: ["发放时间"] },
  ],
};

/** What offices hand over about welfare posts. */
export const welfarePostsRegisters: readonly RegisterDefinition[] = [
  WELFARE_POSTS,
  PLACEMENTS,
  SIGNINGS,
  PLACEMENT_MONTHS,
];

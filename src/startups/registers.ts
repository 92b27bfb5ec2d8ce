import type { RegisterDefinition } from "#registers/contract";

const group = "创业扶持";
const placeSynonyms = ["县（市、区）", "县市区", "所在县区"];

const ENTITIES: RegisterDefinition = {
  name: "startup-entities",
  title: "创业实体",
  about: "每行一个创办的企业或个体工商户及其创办人，由市场监管部门与人社部门核对后登记。",
  group,
  table: "startups.entity",
  id: "entity_id",
  key: ["code"],
  columns: [
    {
      column: "code",
      label: "实体编号",
      type: "text",
      required: true,
      synonyms: ["统一社会信用代码", "注册号", "营业执照号"],
    },
    { column: "name", label: "实体名称", type: "text", required: true, synonyms: ["企业名称", "字号名称", "名称"] },
    {
      column: "person_id",
      label: "创办人身份证号",
      type: "person",
      required: true,
      synonyms: ["身份证号", "法定代表人身份证号", "经营者身份证号"],
    },
    { column: "county", label: "登记所在县", type: "region", required: true, synonyms: ["所在县", ...placeSynonyms] },
    {
      column: "entity_kind",
      label: "实体类型",
      type: "code",
      codes: ["小微企业", "个体工商户", "其他企业"],
      synonyms: ["企业类型", "主体类型"],
    },
    {
      column: "registered_on",
      label: "登记日期",
      type: "date",
      required: true,
      synonyms: ["注册日期", "成立日期", "工商登记日期"],
    },
    {
      column: "closed_on",
      label: "停业日期",
      type: "date",
      synonyms: ["注销日期", "停业或注销日期"],
      hint: "仍在经营就不填",
    },
    {
      column: "first_founded",
      label: "首次创办",
      type: "boolean",
      synonyms: ["是否首次创业"],
      hint: "含已注销的，市场监管部门核验",
    },
    { column: "operating", label: "正常运营", type: "boolean", synonyms: ["是否正常经营"] },
    { column: "returnee", label: "返乡下乡创业", type: "boolean", synonyms: ["返乡创业", "返乡入乡创业人员"] },
  ],
};

const INCUBATORS: RegisterDefinition = {
  name: "incubators",
  title: "创业孵化基地",
  about: "每行一个创业孵化基地，由所在地人社部门登记。",
  group,
  table: "startups.incubator",
  id: "incubator_id",
  key: ["code"],
  columns: [
    { column: "code", label: "孵化基地编号", type: "text", required: true, synonyms: ["基地编号"] },
    { column: "name", label: "孵化基地名称", type: "text", required: true, synonyms: ["基地名称"] },
    { column: "county", label: "基地所在县", type: "region", required: true, synonyms: ["所在县", ...placeSynonyms] },
    { column: "recognised_on", label: "省级认定日期", type: "date", synonyms: ["认定日期", "省级认定时间"] },
  ],
};

const SELECTIONS: RegisterDefinition = {
  name: "incubator-selections",
  title: "创业孵化基地评选",
  about: "每行一个基地一年的择优评选结果，由省级人社部门公布。",
  group,
  table: "startups.incubator_selection",
  id: "selection_id",
  key: ["incubator_id", "selected_on"],
  columns: [
    {
      column: "incubator_id",
      label: "孵化基地编号",
      type: "reference",
      register: "incubators",
      required: true,
      synonyms: ["基地编号"],
    },
    {
      column: "selected_on",
      label: "结果公布日期",
      type: "date",
      required: true,
      synonyms: ["公布日期", "评选结果公布日期"],
    },
    { column: "selected", label: "入选", type: "boolean", synonyms: ["是否入选"] },
    { column: "brings_jobs", label: "带动就业效果好", type: "boolean", synonyms: ["创业带动就业效果好"] },
    { column: "sets_example", label: "辐射示范作用强", type: "boolean" },
    { column: "succeeds", label: "孵化成功率高", type: "boolean" },
    { column: "has_prospects", label: "发展前景良好", type: "boolean" },
  ],
};

const PARKS: RegisterDefinition = {
  name: "startup-parks",
  title: "创业园区",
  about: "每行一个创业园，由所在地人社部门登记。",
  group,
  table: "startups.park",
  id: "park_id",
  key: ["code"],
  columns: [
    { column: "code", label: "园区编号", type: "text", required: true, synonyms: ["创业园编号"] },
    { column: "name", label: "园区名称", type: "text", required: true, synonyms: ["创业园名称"] },
    { column: "county", label: "园区所在县", type: "region", required: true, synonyms: ["所在县", ...placeSynonyms] },
    { column: "for_returnees", label: "返乡创业园", type: "boolean", synonyms: ["农民工返乡创业园", "是否返乡创业园"] },
  ],
};

const TENANCIES: RegisterDefinition = {
  name: "park-tenancies",
  title: "创业园租户",
  about: "每行一个实体在园区的一段入驻，由园区报送。",
  group,
  table: "startups.tenancy",
  id: "tenancy_id",
  key: ["code"],
  columns: [
    { column: "code", label: "入驻编号", type: "text", required: true, synonyms: ["租户编号", "协议编号"] },
    {
      column: "park_id",
      label: "园区编号",
      type: "reference",
      register: "startup-parks",
      required: true,
      synonyms: ["创业园编号"],
    },
    {
      column: "entity_id",
      label: "实体编号",
      type: "reference",
      register: "startup-entities",
      required: true,
      synonyms: ["统一社会信用代码", "注册号"],
    },
    { column: "moved_in_on", label: "入驻日期", type: "date", required: true, synonyms: ["入园日期", "入驻时间"] },
    {
      column: "moved_out_on",
      label: "退出日期",
      type: "date",
      synonyms: ["退园日期", "退出时间"],
      hint: "仍在园就不填",
    },
  ],
};

const TENANCY_MONTHS: RegisterDefinition = {
  name: "park-months",
  title: "创业园场租和管理费",
  about: "每行一个租户一个月的标准场租和管理费，由园区报送。",
  group,
  table: "startups.tenancy_month",
  id: "tenancy_month_id",
  key: ["tenancy_id", "month"],
  columns: [
    {
      column: "tenancy_id",
      label: "入驻编号",
      type: "reference",
      register: "park-tenancies",
      required: true,
      synonyms: ["租户编号", "协议编号"],
    },
    { column: "month", label: "月份", type: "month", required: true, synonyms: ["所属月份"] },
    {
      column: "rent_fen",
      label: "标准场租",
      type: "fen",
      synonyms: ["场租", "标准场租（元）"],
      hint: "减免以前的，元",
    },
    {
      column: "fee_fen",
      label: "标准管理费",
      type: "fen",
      synonyms: ["管理费", "标准管理费（元）"],
      hint: "减免以前的，元",
    },
    { column: "charged_fen", label: "实收费用", type: "fen", synonyms: ["实收金额"], aside: true },
  ],
};

const LOANS: RegisterDefinition = {
  name: "startup-loans",
  title: "创业担保贷款",
  about: "每行一笔创业担保贷款申请及其发放，由经办银行或担保机构报送。",
  group,
  table: "startups.loan_application",
  id: "loan_id",
  key: ["code"],
  columns: [
    { column: "code", label: "申请编号", type: "text", required: true, synonyms: ["贷款编号", "合同编号"] },
    {
      column: "borrower_kind",
      label: "借款人类型",
      type: "code",
      required: true,
      codes: ["个人", "合伙", "小微企业", "其他企业"],
      synonyms: ["借款类型", "贷款类型"],
    },
    {
      column: "person_id",
      label: "借款人身份证号",
      type: "person",
      synonyms: ["身份证号"],
      hint: "个人借款和合伙借款填写，合伙填申请人",
    },
    {
      column: "employer_id",
      label: "借款企业",
      type: "employer",
      synonyms: ["企业名称", "借款单位"],
      hint: "企业借款填写",
    },
    {
      column: "county",
      label: "创业地所在县",
      type: "region",
      required: true,
      synonyms: ["创业地", "所在县", ...placeSynonyms],
    },
    { column: "returnee", label: "返乡创业", type: "boolean", synonyms: ["返乡创业人员", "是否返乡创业"] },
    { column: "local_founder", label: "当地能人创业", type: "boolean", synonyms: ["就地创业的当地能人"] },
    {
      column: "assisted_employees",
      label: "吸纳脱贫人口数",
      type: "integer",
      synonyms: ["吸纳脱贫人口就业人数"],
      hint: "企业借款填写",
    },
    { column: "partners", label: "合伙人数", type: "integer" },
    { column: "qualifies", label: "符合贷款条件", type: "boolean", synonyms: ["符合创业担保贷款条件"] },
    { column: "requested_fen", label: "申请金额", type: "fen", synonyms: ["申请贷款金额", "申请金额（元）"] },
    { column: "requested_on", label: "申请日期", type: "date", required: true, synonyms: ["申请时间"] },
    { column: "granted_fen", label: "发放金额", type: "fen", synonyms: ["贷款金额"], aside: true },
    { column: "granted_on", label: "发放日期", type: "date", synonyms: ["放款日期"], aside: true },
    { column: "due_on", label: "到期日期", type: "date", aside: true },
    { column: "counter_guarantee", label: "要求反担保", type: "boolean", synonyms: ["反担保"], aside: true },
  ],
};

/** What offices, parks and lenders hand over about businesses founded. */
export const startupsRegisters: readonly RegisterDefinition[] = [
  ENTITIES,
  INCUBATORS,
  SELECTIONS,
  PARKS,
  TENANCIES,
  TENANCY_MONTHS,
  LOANS,
];

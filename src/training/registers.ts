import type { RegisterDefinition } from "#registers/contract";

const group = "职业培训";

const PROVIDERS: RegisterDefinition = {
  name: "training-providers",
  title: "培训机构",
  about: "每行一个承担补贴性职业培训的机构，由人社部门登记。",
  group,
  table: "training.provider",
  id: "provider_id",
  key: ["code"],
  columns: [
    { column: "code", label: "机构编号", type: "text", required: true, synonyms: ["机构代码", "统一社会信用代码"] },
    { column: "name", label: "机构名称", type: "text", required: true, synonyms: ["培训机构", "培训机构名称"] },
    { column: "county", label: "所在县", type: "region", required: true, synonyms: ["县（市、区）", "县市区"] },
    { column: "licence_no", label: "办学许可证号", type: "text", synonyms: ["许可证号"], aside: true },
    { column: "licence_from", label: "许可起始日期", type: "date", aside: true },
    { column: "licence_to", label: "许可截止日期", type: "date", aside: true },
  ],
};

const CLASSES: RegisterDefinition = {
  name: "training-classes",
  title: "培训班",
  about: "每行一个培训班，由培训机构开班前报人社部门备案。",
  group,
  table: "training.training_class",
  id: "class_id",
  key: ["code"],
  columns: [
    { column: "code", label: "班级编号", type: "text", required: true, synonyms: ["班次编号", "开班编号", "备案号"] },
    { column: "name", label: "班级名称", type: "text", required: true, synonyms: ["培训班名称", "班次名称"] },
    {
      column: "provider_id",
      label: "机构编号",
      type: "reference",
      register: "training-providers",
      required: true,
      synonyms: ["培训机构编号", "机构代码"],
    },
    {
      column: "county",
      label: "培训所在县",
      type: "region",
      required: true,
      synonyms: ["培训地", "所在县", "县（市、区）"],
    },
    {
      column: "training_kind",
      label: "培训类型",
      type: "code",
      codes: ["就业技能培训", "岗位技能提升培训", "创业培训", "金蓝领培训", "其他培训"],
      synonyms: ["培训类别"],
    },
    { column: "occupation", label: "培训工种", type: "text", synonyms: ["工种", "职业（工种）", "培训专业"] },
    {
      column: "payment_mode",
      label: "付款方式",
      type: "code",
      codes: ["整建制购买", "直补机构", "补个人"],
      synonyms: ["补贴方式"],
    },
    { column: "started_on", label: "开班日期", type: "date", required: true, synonyms: ["开班时间", "培训开始日期"] },
    { column: "ended_on", label: "结业日期", type: "date", synonyms: ["结业时间", "培训结束日期"] },
    { column: "hours", label: "课时", type: "integer", synonyms: ["总课时", "培训课时"], aside: true },
    { column: "held_together", label: "集中开展", type: "boolean", synonyms: ["集中培训", "是否集中开展"] },
    {
      column: "meets_standard",
      label: "符合补贴标准",
      type: "boolean",
      synonyms: ["符合补贴标准条件"],
      hint: "课时等符合职业培训补贴标准，由备案的人社部门认定",
    },
  ],
};

const ENROLMENTS: RegisterDefinition = {
  name: "training-enrolments",
  title: "参训人员",
  about: "每行一人参加一个培训班，含出勤、考核和证书，由培训机构报送。",
  group,
  table: "training.enrolment",
  id: "enrolment_id",
  key: ["class_id", "person_id"],
  columns: [
    {
      column: "class_id",
      label: "班级编号",
      type: "reference",
      register: "training-classes",
      required: true,
      synonyms: ["班次编号", "开班编号"],
    },
    { column: "person_id", label: "身份证号", type: "person", required: true, synonyms: ["公民身份号码", "证件号码"] },
    { column: "days_attended", label: "出勤天数", type: "integer", synonyms: ["实际出勤天数", "培训天数"] },
    { column: "rural_worker", label: "农村劳动力", type: "boolean", synonyms: ["是否农村劳动力"] },
    { column: "returnee", label: "返乡下乡创业", type: "boolean", synonyms: ["返乡创业", "返乡入乡创业人员"] },
    { column: "local_founder", label: "当地能人创业", type: "boolean", synonyms: ["就地创业的当地能人"], aside: true },
    {
      column: "passed",
      label: "考核合格",
      type: "boolean",
      synonyms: ["是否合格", "是否取证"],
      hint: "考核合格并取得证书",
    },
    {
      column: "level_reached",
      label: "考核等级",
      type: "code",
      codes: ["未达到等级", "初级工", "中级工", "高级工", "技师", "高级技师"],
      synonyms: ["技能等级", "证书等级"],
    },
    { column: "certificate_no", label: "证书编号", type: "text", synonyms: ["证书号"], aside: true },
    { column: "certified_on", label: "发证日期", type: "date", synonyms: ["取证日期"], aside: true },
  ],
};

/** What offices hand over about training. */
export const trainingRegisters: readonly RegisterDefinition[] = [PROVIDERS, CLASSES, ENROLMENTS];

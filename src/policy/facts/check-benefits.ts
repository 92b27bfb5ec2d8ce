import { id, suppliedBy, type FactDictionary } from "./dictionary.ts";
import { personFields } from "./persons.ts";

const office = suppliedBy("人社部门");
const finance = suppliedBy("财政部门");
const registry = suppliedBy("登记库");
const market = suppliedBy("市场监管部门");
const person = personFields("劳动者", "决定补贴当日");

/** One row per payment of a benefit in any county, with what is known of the person, the employer and his other payments. */
export const PAST_BENEFITS: FactDictionary = {
  name: "已发补贴",
  label: "已经发放的补贴",
  key: [id("past_benefit_id")],
  subjects: {
    劳动者: id("person_id"),
    用人单位: id("employer_id"),
    补贴: id("past_benefit_id"),
    车间: id("workshop_id"),
    品牌: id("brand_id"),
  },
  jurisdictions: { 列支地: "补贴.列支县" },
  fields: [
    finance.text("补贴.列支县", "county", "列支地所在县", null),
    office.code("补贴.项目", "benefit", "补贴项目", null, [
      "劳务输出就业创业服务补助",
      "一次性交通补助",
      "社会保险补贴",
      "以工代训职业培训补贴",
      "一次性创业补贴",
      "乡村就业工厂（帮扶车间）吸纳奖补",
      "省级劳务品牌认定补助",
      "省级劳务品牌评优补助",
    ]),
    office.text("补贴.编号", "code", "发放编号", null),
    office.date("补贴.认定日期", "event_date", "决定补贴归属的日期", null),
    finance.money("补贴.金额", "amount", "补贴金额", null),
    finance.date("补贴.支付日期", "paid_on", "支付日期", null),
    finance.text("补贴.资金来源", "fund", "资金来源", null),
    office.date("补贴.起始月份", "month_from", "补贴的第一个月", null),
    office.date("补贴.截止月份", "month_to", "补贴的最后一个月", null),
    office.count("补贴.月数", "months", "补贴的月数", null),
    office.count("补贴.同年同项笔数", "same_year", "同一人（品牌）同一年同一项目的笔数", null),
    office.count("补贴.同项笔数", "times", "同一人（品牌）同一项目历年的笔数", null),
    office.count("补贴.重复月数", "repeated_months", "与同一项目另一笔重叠的月数", null),
    office.count("补贴.同项累计月数", "total_months", "同一项目历年累计月数", null),
    office.yes("补贴.另有单位或个人身份重叠", "both_kinds", "同月既按单位职工又按灵活就业享受", null),
    office.count("补贴.同笔资金来源数", "funds", "同一事项支付的资金来源数", null),
    office.count("补贴.此前其他用工笔数", "earlier_elsewhere", "此前在其他单位享受同一项目的笔数", null),
    person.homeCounty,
    person.liftedFromPoverty,
    person.born,
    person.sex,
    registry.date("劳动者.去世或迁出登记日期", "gone_on", "登记为去世或迁出的日期", null),
    registry.text("单位.所在县", "employer_county", "用人单位所在县", null),
    registry.yes("就业.县外满六个月", "half_year_away", "认定前有在县以外满6个月的就业记录", null),
    registry.yes("就业.有合同工资或参保", "evidenced", "认定前一年内有合同、工资或参保记录之一", null),
    registry.count("就业.支付后改动次数", "edited_after", "支付后改动务工起止或身份类别日期的次数", null),
    registry.yes("合同.满一年", "contract_year", "与该单位有1年以上的劳动合同", null),
    registry.yes("在岗.满十二个月", "year_on_job", "在该单位实际在岗满12个月", null),
    registry.yes("车间.当年满六个月", "half_year_in_workshop", "当年在该车间稳定就业满6个月", null),
    registry.yes("车间.另有重叠就业", "works_elsewhere", "在车间期间另有其他单位的就业记录", null),
    office.count("车间.同年车间数", "workshops", "同一人同一年享受奖补的车间数", null),
    office.yes("介绍机构.资质有效", "agency_qualified", "就业开始时介绍机构资质有效", null),
    office.yes("介绍.有购买服务协议", "purchased", "有政府购买服务协议", null),
    market.count("创业.此前实体数", "earlier_entities", "此前创办过的实体数", null),
    market.yes("创业.正常运营满六个月", "operated_half_year", "登记后正常运营满6个月", null),
    office.yes("品牌.省级认定有效", "brand_recognised", "认定当日是省级劳务品牌", null),
    office.yes("品牌.当年评优优秀", "brand_excellent", "当年评优等次为优秀", null),
    office.yes("品牌.申领单位一致", "payee_matches", "申领单位是认定文件上的创建承办单位", null),
  ],
};

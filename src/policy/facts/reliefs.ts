import { id, suppliedBy, type FactDictionary } from "./dictionary.ts";

const office = suppliedBy("人社部门");
const tax = suppliedBy("税务部门");
const grantor = suppliedBy("减免单位");

/** One row per relief of a tax, charge or rent that somebody granted a business. */
export const FEE_RELIEFS: FactDictionary = {
  name: "费用减免",
  label: "税费、场地等费用的减免",
  situation: "减免税费、场地等费用",
  audience: ["founder", "employer"],
  key: [id("relief_id")],
  subjects: { 受益方: id("entity_id") },
  jurisdictions: { 受益方所在地: "受益方.所在县" },
  fields: [
    office.text("受益方.所在县", "county", "受益方所在县", "在哪个县（市、区）经营？"),
    office.yes("受益方.在县域城镇", "in_town", "在县域城镇地区经营", "在县城或乡镇的城镇地区经营吗？"),
    office.code("受益方.类型", "entity_kind", "受益方类型", "是哪一类？", [
      "就业帮扶车间",
      "企业",
      "小微企业",
      "个体工商户",
      "其他",
    ]),
    office.yes("受益方.车间认定有效", "workshop_recognised", "就业帮扶车间（含原就业扶贫车间）认定有效", null),
    office.yes("受益方.经营者脱贫人口", "owner_lifted", "经营者是脱贫人口", "您是脱贫人口（原建档立卡贫困人口）吗？"),
    office.yes("受益方.返乡入乡创业", "returnee", "经营者是返乡入乡创业的农民工等人员", "您是返乡入乡创业吗？"),
    office.yes("受益方.当地能人创业", "local_founder", "经营者是就地创业的当地能人", null),
    office.yes("受益方.重点群体", "key_group", "属于重点群体创业，或吸纳重点群体就业", null),
    grantor.code("减免.类型", "relief_kind", "减免的是哪一类费用", "减免的是哪一类费用？", [
      "税收",
      "行政事业性收费",
      "社会保险费",
      "场地",
      "其他费用",
    ]),
    grantor.text("减免.依据文件", "document", "减免或优惠政策的文件", null),
    grantor.date("减免.日期", "granted_on", "减免日期", "哪一天减免？"),
    tax.money("减免.应缴金额", "due", "减免前应缴金额", "减免前应缴多少？"),
    tax.money("减免.实缴金额", "charged", "减免后实缴金额", "减免后实缴多少？"),
    office.meetsCited(),
  ],
};

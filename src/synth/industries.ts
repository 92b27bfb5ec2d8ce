import { choice, evenChoice, type Choice } from "./random.ts";

/** What an employer does: an id of the registry's dictionary (GB/T 4754), the word in ledgers, and what people do and earn there. */
export interface Industry {
  readonly id: string;
  readonly word: string;
  readonly occupations: Choice<string>;
  /** Ends of company names. */
  readonly suffixes: Choice<string>;
  /** Yuan a month, from … to. */
  readonly wage: readonly [number, number];
}

function industry(
  id: string,
  word: string,
  occupations: string,
  suffixes: string,
  wage: readonly [number, number],
): Industry {
  return { id, word, occupations: evenChoice(occupations.split(" ")), suffixes: evenChoice(suffixes.split(" ")), wage };
}

const electronics = industry(
  "manufacturing",
  "制造业",
  "普工 操作工 质检员 贴片工 仓管员",
  "电子有限公司 电子科技有限公司 光电有限公司",
  [4200, 6800],
);
const garments = industry(
  "manufacturing",
  "制造业",
  "缝纫工 裁剪工 整烫工 普工",
  "服饰有限公司 制衣有限公司 鞋业有限公司",
  [3800, 6500],
);
const hardware = industry(
  "manufacturing",
  "制造业",
  "焊工 车床工 冲压工 普工 叉车工",
  "五金制品有限公司 机械有限公司 塑胶制品有限公司",
  [4500, 7500],
);
const food = industry("manufacturing", "制造业", "包装工 普工 质检员", "食品有限公司 茶业有限公司", [3000, 4800]);
const building = industry(
  "construction",
  "建筑业",
  "钢筋工 木工 泥水工 架子工 小工 电工",
  "建筑劳务有限公司 建设工程有限公司 装饰工程有限公司",
  [4800, 8500],
);
const catering = industry(
  "hospitality",
  "住宿和餐饮业",
  "服务员 厨师 配菜工 洗碗工",
  "餐饮管理有限公司 酒店有限公司",
  [3000, 5200],
);
const logistics = industry(
  "transport",
  "交通运输、仓储和邮政业",
  "驾驶员 分拣员 装卸工",
  "物流有限公司 供应链管理有限公司",
  [4500, 7200],
);
const household = industry(
  "resident-services",
  "居民服务、修理和其他服务业",
  "家政服务员 保洁员 汽修工 美容师",
  "家政服务有限公司 汽车服务有限公司",
  [3200, 5800],
);
const security = industry(
  "leasing-business",
  "租赁和商务服务业",
  "保安员 普工 客服",
  "人力资源有限公司 保安服务有限公司",
  [3200, 5200],
);
const trade = industry("trade", "批发和零售业", "营业员 导购员 理货员", "商贸有限公司 商业管理有限公司", [2800, 4600]);
const farming = industry(
  "agriculture",
  "农、林、牧、渔业",
  "种植工 采茶工 养殖工 果园工",
  "农业发展有限公司 生态农业有限公司",
  [2200, 3800],
);
const publicService = industry(
  "public-administration",
  "公共管理、社会保障和社会组织",
  "保洁员 护林员 河道巡查员 道路养护员 治安协管员 乡村振兴信息员",
  "",
  [900, 1500],
);
const workshopTrade = industry("manufacturing", "制造业", "缝纫工 手工编织工 电子组装工 包装工", "", [2000, 3600]);

/** Public posts, workshops and relief works are kinds of employer of their own. */
export const publicPosts = publicService;
export const workshops = workshopTrade;
export const reliefWorks = industry("construction", "建筑业", "小工 砌筑工 绿化工", "", [2600, 4200]);
export const ownBusiness = industry(
  "trade",
  "批发和零售业",
  "个体经营 小吃经营 种植养殖大户 农资经营",
  "",
  [2800, 6500],
);
export const oddJobs = industry("construction", "建筑业", "零工 装修零工 搬运零工 泥瓦小工", "", [3000, 5600]);
export const platformWork = industry(
  "transport",
  "交通运输、仓储和邮政业",
  "外卖骑手 网约车驾驶员 快递员",
  "",
  [4200, 7800],
);

export const outsideIndustries: Choice<Industry> = choice([
  [electronics, 26],
  [garments, 16],
  [hardware, 17],
  [food, 4],
  [building, 15],
  [catering, 8],
  [logistics, 7],
  [household, 4],
  [security, 2],
  [trade, 1],
]);
export const insideIndustries: Choice<Industry> = choice([
  [electronics, 12],
  [garments, 8],
  [hardware, 10],
  [food, 9],
  [building, 20],
  [catering, 12],
  [logistics, 6],
  [household, 7],
  [security, 4],
  [trade, 7],
  [farming, 5],
]);
export const ownCountyIndustries: Choice<Industry> = choice([
  [food, 14],
  [garments, 9],
  [hardware, 5],
  [building, 22],
  [catering, 13],
  [logistics, 4],
  [household, 8],
  [trade, 11],
  [farming, 14],
]);

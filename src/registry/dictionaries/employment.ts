import { defineDictionary, type IdOf } from "./dictionary.ts";

/** 合同制 is said only where a contract is; the plain 单位就业 of ledgers says nothing of one, and subsidies depend on it. */
export const employmentForm = defineDictionary({
  title: "就业形式",
  standard: "务工情况台账；湖南省、济宁市、甘肃省各文件所列形式",
  entries: [
    { id: "contract", code: null, label: "合同制就业", synonyms: ["合同制", "劳动合同制", "签订劳动合同"] },
    {
      id: "employer",
      code: null,
      label: "单位就业",
      synonyms: ["企业就业", "企业务工", "进厂务工", "单位务工", "受雇", "务工", "外出务工"],
    },
    { id: "flexible", code: null, label: "灵活就业", synonyms: ["灵活", "零工", "打零工", "临时工", "短工", "散工"] },
    {
      id: "welfare-post",
      code: null,
      label: "公益性岗位",
      synonyms: ["公益岗", "公益岗位", "公岗", "公益性岗位安置", "乡村公益性岗位"],
    },
    {
      id: "workshop",
      code: null,
      label: "就业帮扶车间",
      synonyms: ["帮扶车间", "扶贫车间", "车间", "就业扶贫车间", "乡村就业工厂", "帮扶车间就业"],
    },
    { id: "work-for-relief", code: null, label: "以工代赈", synonyms: ["以工代赈项目"] },
    { id: "startup", code: null, label: "自主创业", synonyms: ["创业", "个体经营", "自营", "经商", "自主经营"] },
    {
      id: "new-form",
      code: null,
      label: "新就业形态",
      synonyms: ["新业态", "新业态就业", "平台就业", "外卖骑手", "网约配送"],
    },
    { id: "farming", code: null, label: "务农", synonyms: ["在家务农", "农业生产", "种养殖", "自主发展产业"] },
  ],
});
export type EmploymentForm = IdOf<typeof employmentForm>;

export const employmentChannel = defineDictionary({
  title: "务工渠道",
  standard: "务工情况台账；HN10-04 转移就业与劳务输出",
  entries: [
    {
      id: "own",
      code: null,
      label: "自主外出",
      synonyms: ["自行外出", "自主就业", "自谋职业", "自己找", "自发", "自主", "自主务工", "自发外出"],
    },
    {
      id: "relatives",
      code: null,
      label: "亲友介绍",
      synonyms: ["亲戚介绍", "朋友介绍", "亲朋介绍", "熟人介绍", "亲友带动", "老乡介绍", "同乡介绍"],
    },
    {
      id: "government",
      code: null,
      label: "政府组织输出",
      synonyms: ["政府组织", "政府", "有组织输出", "组织化输出", "组织输出", "政府介绍", "点对点", "点对点输送"],
    },
    {
      id: "cooperation",
      code: null,
      label: "劳务协作",
      synonyms: ["东西部协作", "东西部劳务协作", "东西部扶贫协作", "劳务协作输出", "对口支援"],
    },
    {
      id: "agency",
      code: null,
      label: "人力资源服务机构介绍",
      synonyms: [
        "人力资源机构",
        "人力资源服务机构",
        "人力资源公司",
        "中介",
        "中介机构",
        "中介介绍",
        "劳务公司",
        "劳务派遣",
      ],
    },
    {
      id: "broker",
      code: null,
      label: "劳务经纪人介绍",
      synonyms: ["劳务经纪人", "经纪人", "劳务带头人", "包工头", "工头"],
    },
    { id: "state-labour-company", code: null, label: "国有劳务公司介绍", synonyms: ["国有劳务公司"] },
    {
      id: "village-agency",
      code: null,
      label: "村级劳务中介介绍",
      synonyms: ["村级劳务中介", "村级劳务合作社", "劳务合作社"],
    },
    {
      id: "village",
      code: null,
      label: "村组干部或驻村工作队介绍",
      synonyms: [
        "村委会介绍",
        "村干部介绍",
        "驻村工作队",
        "驻村工作队介绍",
        "村两委",
        "村两委介绍",
        "帮扶干部介绍",
        "帮扶责任人介绍",
        "村组介绍",
      ],
    },
    {
      id: "recruitment-event",
      code: null,
      label: "招聘会",
      synonyms: ["招聘活动", "现场招聘", "专场招聘会", "春风行动", "企业招聘"],
    },
    { id: "online", code: null, label: "网络招聘", synonyms: ["网上招聘", "网络", "互联网", "招聘网站", "线上招聘"] },
    {
      id: "local-carrier",
      code: null,
      label: "就地安置",
      synonyms: ["就近就地", "就近就业", "帮扶车间吸纳", "公益性岗位安置", "就地就近", "就地就近就业"],
    },
    { id: "other", code: null, label: "其他", synonyms: ["其它", "其他渠道"] },
  ],
});
export type EmploymentChannel = IdOf<typeof employmentChannel>;

/** Where a place of work lies as seen from home. From a division it is computed; some ledgers say only this. */
export const workplaceScope = defineDictionary({
  title: "务工区域",
  standard: "务工情况台账；C-10 省外、省内、县内外",
  entries: [
    { id: "town", code: null, label: "乡内", synonyms: ["乡镇内", "本乡镇", "镇内", "本乡", "本镇", "村内", "本村"] },
    {
      id: "county",
      code: null,
      label: "县内乡外",
      synonyms: ["县内", "县域内", "本县", "县内镇外", "县区内", "本县内", "县(市、区)内"],
    },
    { id: "prefecture", code: null, label: "市内县外", synonyms: ["市内", "州内", "州内县外", "市州内", "市(州)内"] },
    { id: "province", code: null, label: "省内县外", synonyms: ["省内", "县外省内", "本省", "省内市外", "省内州外"] },
    { id: "outside-province", code: null, label: "省外", synonyms: ["外省", "省外务工", "跨省"] },
    { id: "abroad", code: null, label: "境外", synonyms: ["国外", "出国", "境外务工"] },
  ],
});
export type WorkplaceScope = IdOf<typeof workplaceScope>;

export const industry = defineDictionary({
  title: "行业门类",
  standard: "GB/T 4754-2017（2019年第1号修改单）",
  entries: [
    {
      id: "agriculture",
      code: "A",
      label: "农、林、牧、渔业",
      synonyms: [
        "农林牧渔业",
        "农林牧渔",
        "农业",
        "林业",
        "种植业",
        "养殖业",
        "畜牧业",
        "渔业",
        "种养殖业",
        "第一产业",
      ],
    },
    { id: "mining", code: "B", label: "采矿业", synonyms: ["采矿", "采掘业", "煤矿", "矿业", "矿山"] },
    {
      id: "manufacturing",
      code: "C",
      label: "制造业",
      synonyms: [
        "制造",
        "工业",
        "加工业",
        "加工制造",
        "加工制造业",
        "工厂",
        "电子厂",
        "制衣厂",
        "服装厂",
        "鞋厂",
        "玩具厂",
        "服装加工",
        "电子加工",
        "五金厂",
        "家具厂",
      ],
    },
    {
      id: "utilities",
      code: "D",
      label: "电力、热力、燃气及水生产和供应业",
      synonyms: ["电力热力燃气及水生产和供应业", "电力", "水电", "电力燃气及水的生产和供应业"],
    },
    {
      id: "construction",
      code: "E",
      label: "建筑业",
      synonyms: ["建筑", "建筑工地", "工地", "建筑施工", "装修", "建筑装修", "建筑工", "土木工程"],
    },
    {
      id: "trade",
      code: "F",
      label: "批发和零售业",
      synonyms: ["批发零售业", "批发零售", "零售业", "零售", "批发业", "商贸", "销售", "商业", "批发与零售业"],
    },
    {
      id: "transport",
      code: "G",
      label: "交通运输、仓储和邮政业",
      synonyms: [
        "交通运输仓储和邮政业",
        "交通运输",
        "交通运输业",
        "运输",
        "物流",
        "快递",
        "仓储",
        "物流快递",
        "运输业",
        "物流业",
      ],
    },
    {
      id: "hospitality",
      code: "H",
      label: "住宿和餐饮业",
      synonyms: [
        "住宿餐饮业",
        "住宿餐饮",
        "餐饮",
        "餐饮业",
        "酒店",
        "宾馆",
        "饭店",
        "餐饮服务",
        "餐饮服务业",
        "住宿业",
      ],
    },
    {
      id: "information",
      code: "I",
      label: "信息传输、软件和信息技术服务业",
      synonyms: ["信息传输软件和信息技术服务业", "信息技术", "软件", "互联网", "IT", "信息服务业"],
    },
    { id: "finance", code: "J", label: "金融业", synonyms: ["金融", "保险业", "银行"] },
    { id: "real-estate", code: "K", label: "房地产业", synonyms: ["房地产", "物业", "物业管理"] },
    {
      id: "leasing-business",
      code: "L",
      label: "租赁和商务服务业",
      synonyms: ["租赁商务服务业", "商务服务", "商务服务业", "保安", "保安服务", "劳务派遣业"],
    },
    {
      id: "research",
      code: "M",
      label: "科学研究和技术服务业",
      synonyms: ["科学研究技术服务业", "科研", "技术服务", "技术服务业"],
    },
    {
      id: "environment",
      code: "N",
      label: "水利、环境和公共设施管理业",
      synonyms: ["水利环境和公共设施管理业", "环卫", "保洁", "环境卫生", "水利", "公共设施管理业", "园林绿化"],
    },
    {
      id: "resident-services",
      code: "O",
      label: "居民服务、修理和其他服务业",
      synonyms: [
        "居民服务修理和其他服务业",
        "居民服务",
        "居民服务业",
        "家政",
        "家政服务",
        "家政服务业",
        "修理",
        "汽修",
        "美容美发",
        "理发",
        "服务业",
        "其他服务业",
        "居民服务和其他服务业",
      ],
    },
    { id: "education", code: "P", label: "教育", synonyms: ["教育业", "学校", "幼教"] },
    {
      id: "health",
      code: "Q",
      label: "卫生和社会工作",
      synonyms: ["卫生社会工作", "卫生", "医疗", "医院", "养老服务", "护理", "护工"],
    },
    {
      id: "culture",
      code: "R",
      label: "文化、体育和娱乐业",
      synonyms: ["文化体育和娱乐业", "文化体育娱乐业", "文化", "娱乐业", "娱乐"],
    },
    {
      id: "public-administration",
      code: "S",
      label: "公共管理、社会保障和社会组织",
      synonyms: ["公共管理社会保障和社会组织", "公共管理", "机关事业单位", "村委会", "社会组织"],
    },
    { id: "international", code: "T", label: "国际组织" },
  ],
});
export type Industry = IdOf<typeof industry>;

/** Major classes only; ledgers name trades freely, and finer classes are found from the trade later. */
export const occupation = defineDictionary({
  title: "职业大类",
  standard: "中华人民共和国职业分类大典（2022年版）；GB/T 6565-2015",
  entries: [
    {
      id: "leaders",
      code: "1",
      label: "党的机关、国家机关、群众团体和社会组织、企事业单位负责人",
      synonyms: ["单位负责人", "负责人"],
    },
    { id: "professionals", code: "2", label: "专业技术人员", synonyms: ["专业技术", "技术人员"] },
    { id: "clerical", code: "3", label: "办事人员和有关人员", synonyms: ["办事人员", "文员"] },
    {
      id: "services",
      code: "4",
      label: "社会生产服务和生活服务人员",
      synonyms: ["服务人员", "商业、服务业人员", "商业服务业人员", "服务员"],
    },
    {
      id: "agriculture",
      code: "5",
      label: "农、林、牧、渔业生产及辅助人员",
      synonyms: ["农林牧渔业生产及辅助人员", "农业生产人员", "农民"],
    },
    {
      id: "production",
      code: "6",
      label: "生产制造及有关人员",
      synonyms: ["生产制造人员", "生产、运输设备操作人员", "工人", "普工", "操作工"],
    },
    { id: "military", code: "7", label: "军队人员", synonyms: ["军人"] },
    { id: "other", code: "8", label: "不便分类的其他从业人员", synonyms: ["其他从业人员", "其他"] },
  ],
});
export type Occupation = IdOf<typeof occupation>;

import { choice, type Choice } from "./random.ts";
import type { DivisionRow } from "./territory.ts";

/** Where people work. The municipalities and the four cities without counties leave the column they do not have empty. */
export interface Place {
  /** 6 digits. */
  readonly code: string;
  readonly province: string;
  readonly prefecture: string;
  readonly county: string;
  /** Share among the places of its list; sizes the pool of employers there. */
  readonly share: number;
}

export interface Destinations {
  readonly outside: Choice<Place>;
  /** Other counties of the home province. */
  readonly inside: Choice<Place>;
  /** Of those at work: share outside the province, and of the rest the share that stays in the county. */
  readonly outsideShare: number;
  readonly ownCountyShare: number;
}

/**
 * "province prefecture county weight" per line. Weights follow the well-known directions of each province's migration; of the
 * split between inside and outside only Hunan's (39.7 to 60.3 per cent) is printed in a source (hn-2024-102).
 */
interface DestinationTable {
  readonly outsideShare: number;
  readonly ownCountyShare: number;
  readonly outside: string;
  readonly inside: string;
}

const tables: Readonly<Record<string, DestinationTable>> = {
  "43": {
    outsideShare: 0.603,
    ownCountyShare: 0.55,
    outside: `广东省 深圳市 宝安区 120; 广东省 深圳市 龙岗区 80; 广东省 深圳市 光明区 30; 广东省 东莞市 - 170; 广东省 广州市 白云区 60; 广东省 广州市 番禺区 45; 广东省 广州市 增城区 20;
      广东省 佛山市 顺德区 50; 广东省 佛山市 南海区 45; 广东省 中山市 - 45; 广东省 惠州市 惠阳区 25; 广东省 惠州市 博罗县 12; 广东省 珠海市 金湾区 12; 广东省 江门市 新会区 10;
      浙江省 宁波市 慈溪市 28; 浙江省 宁波市 鄞州区 18; 浙江省 温州市 瑞安市 22; 浙江省 温州市 龙湾区 14; 浙江省 台州市 温岭市 16; 浙江省 杭州市 萧山区 18; 浙江省 杭州市 余杭区 14; 浙江省 金华市 义乌市 20; 浙江省 金华市 永康市 12; 浙江省 绍兴市 柯桥区 8; 浙江省 嘉兴市 桐乡市 8;
      江苏省 苏州市 昆山市 20; 江苏省 苏州市 吴江区 12; 江苏省 无锡市 江阴市 10; 江苏省 常州市 武进区 8; 福建省 泉州市 晋江市 20; 福建省 泉州市 石狮市 8; 福建省 厦门市 集美区 10; 福建省 福州市 福清市 6;
      上海市 - 松江区 14; 上海市 - 青浦区 8; 贵州省 铜仁市 松桃苗族自治县 8; 贵州省 贵阳市 观山湖区 6; 湖北省 武汉市 东西湖区 12; 湖北省 恩施土家族苗族自治州 来凤县 4; 重庆市 - 秀山土家族苗族自治县 8; 重庆市 - 渝北区 5;
      广西壮族自治区 桂林市 临桂区 6; 广西壮族自治区 南宁市 西乡塘区 4; 江西省 萍乡市 安源区 6; 北京市 - 朝阳区 8; 北京市 - 丰台区 5; 海南省 海口市 龙华区 5; 新疆维吾尔自治区 喀什地区 喀什市 2; 西藏自治区 拉萨市 堆龙德庆区 1`,
    inside: `湖南省 长沙市 长沙县 90; 湖南省 长沙市 雨花区 70; 湖南省 长沙市 岳麓区 55; 湖南省 长沙市 望城区 40; 湖南省 长沙市 浏阳市 40; 湖南省 长沙市 宁乡市 30; 湖南省 株洲市 天元区 25; 湖南省 株洲市 醴陵市 20; 湖南省 湘潭市 湘乡市 12; 湖南省 衡阳市 蒸湘区 15;
      湖南省 岳阳市 岳阳楼区 15; 湖南省 常德市 武陵区 18; 湖南省 郴州市 嘉禾县 8; 湖南省 郴州市 苏仙区 10; 湖南省 永州市 冷水滩区 10; 湖南省 怀化市 鹤城区 18; 湖南省 娄底市 娄星区 10; 湖南省 邵阳市 邵东市 16; 湖南省 益阳市 赫山区 10; 湖南省 张家界市 永定区 10; 湖南省 湘西土家族苗族自治州 吉首市 22; 湖南省 湘西土家族苗族自治州 凤凰县 10`,
  },
  "62": {
    outsideShare: 0.42,
    ownCountyShare: 0.5,
    outside: `新疆维吾尔自治区 乌鲁木齐市 头屯河区 60; 新疆维吾尔自治区 巴音郭楞蒙古自治州 库尔勒市 40; 新疆维吾尔自治区 昌吉回族自治州 昌吉市 35; 新疆维吾尔自治区 喀什地区 喀什市 15; 江苏省 苏州市 昆山市 40; 江苏省 南京市 江宁区 20; 浙江省 宁波市 北仑区 20; 浙江省 杭州市 萧山区 20;
      广东省 深圳市 宝安区 25; 广东省 东莞市 - 25; 福建省 厦门市 同安区 30; 福建省 福州市 福清市 15; 北京市 - 昌平区 30; 北京市 - 大兴区 20; 天津市 - 武清区 30; 天津市 - 滨海新区 25; 山东省 济南市 历城区 18; 山东省 青岛市 即墨区 20; 山东省 济宁市 任城区 6;
      陕西省 西安市 未央区 40; 陕西省 宝鸡市 渭滨区 12; 青海省 西宁市 城东区 50; 青海省 海东市 循化撒拉族自治县 15; 青海省 海西蒙古族藏族自治州 格尔木市 30; 宁夏回族自治区 银川市 西夏区 35; 内蒙古自治区 阿拉善盟 阿拉善左旗 25; 内蒙古自治区 鄂尔多斯市 东胜区 20; 西藏自治区 拉萨市 城关区 25; 四川省 成都市 双流区 12; 上海市 - 嘉定区 12`,
    inside: `甘肃省 兰州市 城关区 90; 甘肃省 兰州市 七里河区 60; 甘肃省 兰州市 西固区 30; 甘肃省 兰州市 榆中县 25; 甘肃省 临夏回族自治州 临夏市 70; 甘肃省 临夏回族自治州 永靖县 15; 甘肃省 酒泉市 肃州区 30; 甘肃省 酒泉市 瓜州县 25; 甘肃省 酒泉市 敦煌市 15; 甘肃省 张掖市 甘州区 30;
      甘肃省 武威市 凉州区 25; 甘肃省 金昌市 金川区 15; 甘肃省 白银市 白银区 20; 甘肃省 天水市 麦积区 20; 甘肃省 定西市 安定区 20; 甘肃省 庆阳市 西峰区 15; 甘肃省 平凉市 崆峒区 12; 甘肃省 甘南藏族自治州 合作市 15; 甘肃省 陇南市 武都区 12`,
  },
  "37": {
    outsideShare: 0.18,
    ownCountyShare: 0.62,
    outside: `江苏省 苏州市 昆山市 60; 江苏省 徐州市 铜山区 40; 江苏省 无锡市 江阴市 30; 浙江省 宁波市 鄞州区 30; 浙江省 杭州市 余杭区 25; 上海市 - 嘉定区 40; 上海市 - 浦东新区 35; 北京市 - 朝阳区 40; 北京市 - 大兴区 30; 天津市 - 武清区 40; 天津市 - 滨海新区 35;
      河北省 廊坊市 香河县 15; 河南省 商丘市 睢阳区 15; 广东省 深圳市 龙岗区 20; 广东省 东莞市 - 20; 内蒙古自治区 鄂尔多斯市 东胜区 12; 新疆维吾尔自治区 喀什地区 英吉沙县 6; 重庆市 - 万州区 6`,
    inside: `山东省 济宁市 任城区 90; 山东省 济宁市 兖州区 60; 山东省 济宁市 曲阜市 50; 山东省 济宁市 邹城市 60; 山东省 济宁市 梁山县 20; 山东省 济宁市 汶上县 25; 山东省 济南市 历城区 40; 山东省 济南市 章丘区 25; 山东省 青岛市 黄岛区 45; 山东省 青岛市 即墨区 30;
      山东省 烟台市 福山区 25; 山东省 威海市 荣成市 20; 山东省 潍坊市 寿光市 20; 山东省 临沂市 兰山区 25; 山东省 泰安市 新泰市 20; 山东省 日照市 东港区 12; 山东省 枣庄市 滕州市 20; 山东省 菏泽市 郓城县 10`,
  },
};

/** `province`: two digits. Throws where a place of the tables is not among the divisions. */
export function destinationsOf(province: string, divisions: Iterable<DivisionRow>): Destinations {
  const table = tables[province];
  if (table === undefined) throw new RangeError(`no destinations are known for province ${province}`);
  const codes = new Map<string, string>();
  const names = new Map<string, string>();
  for (const { code, name } of divisions) {
    if (code.length > 6) continue;
    names.set(code, name);
    if (code.length === 2) codes.set(name, code);
    else codes.set(`${code.slice(0, code.length - 2)} ${name}`, code);
  }
  const read = (text: string) =>
    text.split(";").map((line) => {
      const [provinceName, prefectureName, countyName, weight] = line.trim().split(/\s+/) as [
        string,
        string,
        string,
        string,
      ];
      const provinceCode = codes.get(provinceName);
      // 北京市朝阳区 lies under the filler 市辖区 or 县; 东莞市 has one county-level row of its own name.
      const prefectures =
        prefectureName === "-"
          ? [`${provinceCode}01`, `${provinceCode}02`]
          : [codes.get(`${provinceCode} ${prefectureName}`)];
      const county = prefectures
        .map((code) => codes.get(`${code} ${countyName === "-" ? prefectureName : countyName}`))
        .find((code) => code !== undefined);
      if (county === undefined) throw new Error(`no such place: ${line.trim()}`);
      const prefecture = prefectureName === "-" ? "" : prefectureName;
      return {
        code: county,
        province: provinceName,
        prefecture,
        county: countyName === "-" ? "" : countyName,
        weight: Number(weight),
      };
    });
  const asChoice = (text: string) => {
    const rows = read(text);
    const total = rows.reduce((sum, row) => sum + row.weight, 0);
    return choice(rows.map(({ weight, ...place }) => [{ ...place, share: weight / total }, weight] as const));
  };
  return {
    outside: asChoice(table.outside),
    inside: asChoice(table.inside),
    outsideShare: table.outsideShare,
    ownCountyShare: table.ownCountyShare,
  };
}

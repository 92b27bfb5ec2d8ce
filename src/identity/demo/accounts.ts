import { dutyLabels, type DemoAccount, type Department, type Duty } from "../contract.ts";

/** Stands in the README and on the sign-in page; such accounts exist only in a database that was created as a demo. */
export const demoPassword = "Wengang2025!";

export interface DemoOrganisation {
  readonly name: string;
  readonly department: Department;
  readonly region: string;
  readonly officers: readonly DemoOfficer[];
}

interface DemoOfficer {
  readonly login: string;
  /** Made up. */
  readonly name: string;
  readonly duty: Duty;
}

/** One county with its prefecture and province: the sources come from Hunan, Jining and Gansu. */
interface DemoPlace {
  readonly group: string;
  readonly login: string;
  readonly county: { code: string; name: string };
  readonly towns: readonly [{ code: string; name: string }, { code: string; name: string }];
  readonly village: { code: string; name: string };
  readonly prefecture: { code: string; name: string; login: string };
  readonly province: { code: string; name: string; login: string };
  /** County clerk, reviewer, agriculture, finance, auditor, two towns, village; prefecture dispatcher and leader; province dispatcher, leader and policy; the three administrators. */
  readonly names: readonly string[];
}

const places: readonly DemoPlace[] = [
  {
    group: "湖南 · 花垣县",
    login: "huayuan",
    county: { code: "433124", name: "花垣县" },
    towns: [
      { code: "433124110", name: "双龙镇" },
      { code: "433124109", name: "花垣镇" },
    ],
    village: { code: "433124110226", name: "十八洞村" },
    prefecture: { code: "4331", name: "湘西自治州", login: "xiangxi" },
    province: { code: "43", name: "湖南省", login: "hunan" },
    names: [
      "向晓岚",
      "石建华",
      "田野",
      "彭立新",
      "杨静怡",
      "麻秀英",
      "龙志刚",
      "吴桂香",
      "符海波",
      "覃国庆",
      "周慧敏",
      "谭振宇",
      "李思源",
      "罗文涛",
      "欧阳敏",
      "贺子谦",
    ],
  },
  {
    group: "山东济宁 · 泗水县",
    login: "sishui",
    county: { code: "370831", name: "泗水县" },
    towns: [
      { code: "370831101", name: "泉林镇" },
      { code: "370831108", name: "泗张镇" },
    ],
    village: { code: "370831101219", name: "泉林村" },
    prefecture: { code: "3708", name: "济宁市", login: "jining" },
    province: { code: "37", name: "山东省", login: "shandong" },
    names: [
      "孔令芳",
      "孟祥辉",
      "颜廷玉",
      "乔成林",
      "尤佳宁",
      "冯爱华",
      "张继东",
      "王秀梅",
      "刘洪波",
      "徐明哲",
      "高丽娟",
      "宋长河",
      "于文博",
      "曹建军",
      "丁雨桐",
      "姜海燕",
    ],
  },
  {
    group: "甘肃临夏 · 积石山县",
    login: "jishishan",
    county: { code: "622927", name: "积石山县" },
    towns: [
      { code: "622927101", name: "大河家镇" },
      { code: "622927100", name: "吹麻滩镇" },
    ],
    village: { code: "622927101204", name: "大墩村" },
    prefecture: { code: "6229", name: "临夏州", login: "linxia" },
    province: { code: "62", name: "甘肃省", login: "gansu" },
    names: [
      "马晓梅",
      "韩文忠",
      "董玉山",
      "妥海龙",
      "唐秋月",
      "马进财",
      "祁永红",
      "马兰花",
      "陕志明",
      "何建国",
      "牟春燕",
      "安世平",
      "石静",
      "魏立东",
      "汪若兰",
      "常清源",
    ],
  },
];

function organisationsOf(place: DemoPlace): DemoOrganisation[] {
  const { county, towns, village, prefecture, province, login } = place;
  const names = place.names[Symbol.iterator]();
  const officer = (suffix: string, duty: Duty, base = login): DemoOfficer => ({
    login: `${base}${suffix}`,
    name: names.next().value ?? "",
    duty,
  });
  return [
    {
      name: `${county.name}人力资源和社会保障局`,
      department: "human-resources",
      region: county.code,
      officers: [officer("", "county-clerk"), officer("-review", "reviewer")],
    },
    {
      name: `${county.name}农业农村局`,
      department: "agriculture",
      region: county.code,
      officers: [officer("-agri", "county-clerk")],
    },
    {
      name: `${county.name}财政局`,
      department: "finance",
      region: county.code,
      officers: [officer("-finance", "finance")],
    },
    {
      name: `${county.name}审计局`,
      department: "audit",
      region: county.code,
      officers: [officer("-audit", "auditor")],
    },
    {
      name: `${towns[0].name}人民政府`,
      department: "town-government",
      region: towns[0].code,
      officers: [officer("-town1", "town-officer")],
    },
    {
      name: `${towns[1].name}人民政府`,
      department: "town-government",
      region: towns[1].code,
      officers: [officer("-town2", "town-officer")],
    },
    {
      name: `${village.name}村民委员会`,
      department: "village-committee",
      region: village.code,
      officers: [officer("-village", "village-worker")],
    },
    {
      name: `${prefecture.name}人力资源和社会保障局`,
      department: "human-resources",
      region: prefecture.code,
      officers: [officer("", "city-dispatcher", prefecture.login), officer("-leader", "leader", prefecture.login)],
    },
    {
      name: `${province.name}人力资源和社会保障厅`,
      department: "human-resources",
      region: province.code,
      officers: [
        officer("", "province-dispatcher", province.login),
        officer("-leader", "leader", province.login),
        officer("-policy", "policy", province.login),
        officer("-system", "system-admin", province.login),
        officer("-security", "security-admin", province.login),
        officer("-log", "audit-admin", province.login),
      ],
    },
  ];
}

export const demoPrefectures: readonly { code: string; name: string }[] = places.map(({ prefecture }) => prefecture);

export const demoOrganisations: readonly DemoOrganisation[] = places.flatMap(organisationsOf);

export const demoAccounts: readonly DemoAccount[] = places.flatMap((place) =>
  organisationsOf(place).flatMap((organisation) =>
    organisation.officers.map((officer) => ({
      login: officer.login,
      name: officer.name,
      organisation: organisation.name,
      dutyLabels: [dutyLabels[officer.duty]],
      group: place.group,
    })),
  ),
);

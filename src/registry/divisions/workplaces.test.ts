import { expect, test } from "vitest";
import { loadDivisions } from "./load.ts";
import { divisionMatcher } from "./matcher.ts";

const matcher = divisionMatcher(loadDivisions(), []);
const fromHuayuan = matcher.workplaces("433124");

test.each([
  ["花垣县", "433124", "county"],
  ["花垣县双龙镇", "433124", "county"],
  ["广东东莞", "441900", "county"],
  ["东莞", "441900", "county"],
  ["东莞市长安镇", "441900", "county"],
  ["深圳", "4403", "prefecture"],
  ["广东省深圳市", "4403", "prefecture"],
  ["广东省深圳市宝安区福永街道", "440306", "county"],
  ["湘西州", "4331", "prefecture"],
  ["浙江义乌", "330782", "county"],
  ["江苏省昆山市玉山镇", "320583", "county"],
  ["北京", "11", "province"],
  ["北京市朝阳区", "110105", "county"],
  ["上海浦东", "310115", "county"],
  ["重庆市万州区", "500101", "county"],
  ["新疆维吾尔自治区", "65", "province"],
  ["内蒙古", "15", "province"],
  ["广西南宁", "4501", "prefecture"],
  ["香港", "81", "province"],
  ["河南", "41", "province"],
  ["海南", "46", "province"],
  ["吉林", "22", "province"],
  ["吉林市", "2202", "prefecture"],
  ["长沙", "4301", "prefecture"],
  ["长沙县", "430121", "county"],
  ["河南济源", "419001", "county"],
  ["神农架", "429021", "county"],
  ["恩施州", "4228", "prefecture"],
  ["甘肃省临夏州积石山县", "622927", "county"],
  ["在广东务工", "44", "province"],
  ["中国浙江省", "33", "province"],
  ["440300", "4403", "prefecture"],
  ["440306", "440306", "county"],
  [441_900, "441900", "county"],
  ["433124110226", "433124", "county"],
] as const)("%s", (text, code, precision) => {
  expect(fromHuayuan.resolve(text)).toMatchObject({ kind: "exact", code, precision });
});

test("a county that became a city is another name for it", () => {
  expect(fromHuayuan.resolve("宁乡县")).toMatchObject({ kind: "alias", code: "430182" });
});

test.each([
  ["县内", "433124", "county"],
  ["本地", "433124", "county"],
  ["市内", "4331", "prefecture"],
  ["省内", "43", "province"],
])("%s means the writer's own region, no more exactly than that", (text, code, precision) => {
  expect(fromHuayuan.resolve(text)).toMatchObject({ kind: "exact", code, precision });
  expect(matcher.workplaces(null).resolve(text)).toEqual({ kind: "unknown" });
});

test("what followed is kept", () => {
  expect(fromHuayuan.resolve("东莞市长安镇某电子厂")).toMatchObject({ rest: "长安镇某电子厂" });
});

test("a name borne by several counties is ambiguous; the nearest to home is suggested", () => {
  expect(fromHuayuan.resolve("朝阳区")).toMatchObject({ kind: "ambiguous", suggestion: null });
  expect(matcher.workplaces("622927").resolve("城关区")).toMatchObject({ kind: "ambiguous", suggestion: "620102" });
});

test.each(["缅甸", "省外", "通道维修厂", "", "某厂", "999999"])("%j is unknown", (text) => {
  expect(fromHuayuan.resolve(text)).toEqual({ kind: "unknown" });
});

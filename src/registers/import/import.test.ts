import ExcelJS from "exceljs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { downloadFaultyRows, downloadTemplate, exportRegisterRows, getImport, mapImport } from "../contract.ts";
import { addEmployer, addPerson, JISHOU, RegisterDesk, type TrialPerson } from "../fixtures.ts";

let desk: RegisterDesk;
let people: TrialPerson[];
let stranger: TrialPerson;

beforeAll(async () => {
  desk = await RegisterDesk.open();
  people = [];
  for (let n = 0; n < 12; n++) people.push(await addPerson(desk.owner, desk.runtime));
  stranger = await addPerson(desk.owner, desk.runtime, `${JISHOU}101201`);
  await addEmployer(desk.owner, "花垣锦达电子有限公司", "433124", "91433124MA4L0000XX");
  await desk.take(
    "trial-agencies",
    "机构编号,机构名称,机构类型\nA1,县就业中心,公共机构\nA2,湘西人力公司,人力资源公司\n",
  );
});
afterAll(() => desk?.close());

const header = "介绍编号,身份证号,开始日期,结束日期,机构,用人单位,县,输出类型,所属月份,天数,补助金额,是否有组织,备注";
const line = (code: string, person: TrialPerson, rest = "2025-03-01,2025-04-01") =>
  `${code},${person.identity},${rest}`;

describe("a table handed over", () => {
  test("is previewed, applied in one go, and says nothing new the second time", async () => {
    const table = `${header}
S1,${people[0]!.identity},2025-03-01,,A1,花垣锦达电子有限公司,花垣县,省内,2025年3月,31,1234.5,是,首次
S2,${people[1]!.identity},2025/3/2,2025.4.2,A2,,,省外,202503,３０,"1,000",否,`;
    const checked = await desk.check("trial-stays", table);
    expect(checked.counts).toEqual({ rows: 2, new: 2, changed: 0, same: 0, faulty: 0 });
    expect(await desk.rows("trial-stays")).toEqual([]);
    const applied = await desk.apply(checked.importId);
    expect(applied.state).toBe("applied");
    const rows = await desk.rows("trial-stays");
    expect(rows.map(({ values }) => values)).toEqual([
      expect.objectContaining({
        code: "S1",
        agency_id: { id: "1", label: "A1", note: "", open: true },
        person_id: { id: people[0]!.personId, label: people[0]!.name, note: people[0]!.mask, open: true },
        employer_id: expect.objectContaining({ label: "花垣锦达电子有限公司" }),
        county: { id: "433124", label: "花垣县", note: expect.stringContaining("花垣县"), open: false },
        kind: "省内",
        started_on: "2025-03-01",
        ended_on: null,
        month: "2025-03",
        days: 31,
        paid_fen: 123_450,
        organised: true,
        note: "首次",
      }),
      expect.objectContaining({
        code: "S2",
        ended_on: "2025-04-02",
        days: 30,
        paid_fen: 100_000,
        organised: false,
        county: null,
      }),
    ]);
    const before = await desk.snapshot("trial.stay");
    const again = await desk.check("trial-stays", table);
    expect(again.counts).toEqual({ rows: 2, new: 0, changed: 0, same: 2, faulty: 0 });
    await expect(desk.apply(again.importId)).rejects.toThrow("没有可以导入的行");
    expect(await desk.snapshot("trial.stay")).toBe(before);
  });

  test("changes only what it says; an empty cell erases nothing, and the preview shows each cell", async () => {
    const changed = await desk.check("trial-stays", `编号,上岗日期,天数,备注\nS1,2025-03-05,,\nS2,,32,改了\n`);
    expect(changed.counts).toMatchObject({ new: 0, changed: 2, faulty: 0 });
    expect(changed.changes).toEqual([
      { sheet: 0, rowNo: 2, row: "S1", cells: [{ label: "开始日期", before: "2025-03-01", after: "2025-03-05" }] },
      {
        sheet: 0,
        rowNo: 3,
        row: "S2",
        cells: [
          { label: "天数", before: 30, after: 32 },
          { label: "备注", before: null, after: "改了" },
        ],
      },
    ]);
    await desk.apply(changed.importId);
    const [first] = await desk.rows("trial-stays");
    expect(first!.values).toMatchObject({ days: 31, note: "首次", started_on: "2025-03-05" });
    expect(first!.version).toBe(2);
  });

  test("is found below titles, under a header of two lines, in any order, with sums and signatures left out", async () => {
    const book = new ExcelJS.Workbook();
    const sheet = book.addWorksheet("三月");
    sheet.addRow(["花垣县劳务介绍情况表"]);
    sheet.mergeCells("A1:F1");
    sheet.addRow(["填报单位：县就业中心"]);
    sheet.addRow(["序号", "姓名", "身份证号码", "*介绍编号", "时间", "", "补助金额（万元）"]);
    sheet.addRow(["", "", "", "", "开始日期", "结束日期", ""]);
    for (const column of ["A", "B", "C", "D", "G"]) sheet.mergeCells(`${column}3:${column}4`);
    sheet.mergeCells("E3:F3");
    sheet.addRow([
      1,
      people[2]!.name,
      people[2]!.identity,
      "M1",
      new Date(Date.UTC(2025, 2, 1)),
      "2025年3月31日",
      0.12345,
    ]);
    sheet.addRow([2, people[3]!.name, people[3]!.identity, "M2", 45_720, "20250401", "1.5万"]);
    sheet.addRow(["合计", "", "", "", "", "", 1.62]);
    sheet.addRow(["填表人：某某"]);
    book.addWorksheet("说明").addRow(["本表由机构填写"]);
    const taken = await desk.take("trial-stays", new Uint8Array(await book.xlsx.writeBuffer()), { name: "三月.xlsx" });
    expect(taken.counts).toEqual({ rows: 2, new: 2, changed: 0, same: 0, faulty: 0 });
    expect(taken.sheets.map(({ name, used }) => [name, used])).toEqual([
      ["三月", true],
      ["说明", false],
    ]);
    const rows = await desk.rows("trial-stays", "clerk", { text: "M" });
    expect(
      rows.map(({ values }) => [values["code"], values["started_on"], values["ended_on"], values["paid_fen"]]),
    ).toEqual([
      ["M1", "2025-03-01", "2025-03-31", 123_450],
      ["M2", "2025-03-04", "2025-04-01", 1_500_000],
    ]);
  });

  test("says of every bad cell where it stands, what is wrong and how to mend it; the good rows go in", async () => {
    const [a, b] = [people[4]!, people[5]!];
    const table = `${header},姓名
F1,${a.identity},2025-02-30,,,,,,,,,,,
F2,43312419850312001X,2025-03-01,,,,,,,,,,,
F3,${stranger.identity},2025-03-01,,,,,,,,,,,
F4,${a.identity},2025-03-01,,A9,没有这家单位,吉首市,县外,13月,三十,十块,不知道,,
F5,${a.identity},2025-05-01,2025-04-01,,,,,,,,,,
F6,${a.identity},2025年3月,,,,,,,1.5,1.234,,,
,${a.identity},2025-03-01,,,,,,,,,,,
F8,${a.identity},,,,,,,,,,,,
F9,${b.identity},2025-03-01,,,,,,,,,,,${b.name}
F9,${b.identity},2025-03-02,,,,,,,,,,,${b.name}
F10,${b.identity},2025-03-01,2025-03-02,,,,,,,,,,王五
F11,${b.identity},2025-03-03,,,,,,,,,,,
F12,#N/A,2025-03-03,,,,,,,,,,,`;
    const checked = await desk.check("trial-stays", table);
    const faults = await desk.faults(checked.importId);
    expect(faults).toEqual([
      "2: 开始日期：“2025-02-30”这一天不存在，是否为 2025-02-28？",
      expect.stringMatching(/^3: 身份证号：证件号码校验位不符/),
      `4: 身份证号：辖区内没有登记证件号码为 ${stranger.mask} 的人员。请核对号码；确是本地人员的，先通过台账登记此人。`,
      "5: 机构：“试验机构”里没有“A9”。请先登记它，或核对写法。",
      expect.stringMatching(/^5: 县：.*吉首市不在本单位管辖范围内/),
      "5: 天数：“三十”不是整数，请只填数字。",
      expect.stringMatching(/^5: 用人单位：没有登记“没有这家单位”这家单位/),
      "5: 输出类型：“县外”不在可填内容里，请从下列选一项：省内、省外。",
      "5: 所属月份：“13月”不是日期，请按 2024-03 这样填写。",
      expect.stringMatching(/^5: 是否有组织：“不知道”看不出是或否/),
      expect.stringMatching(/^5: 补助金额：“十块”不是金额/),
      "6: 结束日期早于开始日期。请核对后修改。",
      "7: 天数：“1.5”不是整数，请只填数字。",
      "7: 补助金额：“1.234”不是金额，请按元填写数字，最多到分，如 1234.50。",
      "7: 开始日期：“2025年3月”只写到月，请写明是哪一天，如 2025-03-15。",
      "8: 介绍编号：没有填写，这一栏必填。",
      "9: 开始日期：没有填写，这一栏必填。",
      "11: 与第 10 行的介绍编号相同，同一条记录只能占一行。请合并或删去一行。",
      `12: 身份证号：${b.mask}登记的姓名是“${b.name}”，表里写的是“王五”。请核对是谁的号码。`,
      "13: 此人已有一段没有结束的记录。请核对后修改。",
      "14: 身份证号：证件号码含有不应出现的字符，请对照证件核对。",
    ]);
    expect(checked.counts).toEqual({ rows: 13, new: 1, changed: 0, same: 0, faulty: 12 });
    await desk.apply(checked.importId);
    expect((await desk.rows("trial-stays", "clerk", { text: "F" })).map(({ values }) => values["code"])).toEqual([
      "F9",
    ]);

    const { fileName, bytes } = await desk.download(downloadFaultyRows, { importId: checked.importId }, "clerk");
    expect(fileName).toBe("表-有错的行.xlsx");
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer);
    const sheet = book.worksheets[0]!;
    expect(sheet.rowCount).toBe(14);
    const headers = sheet.getRow(2).values as string[];
    const started = headers.indexOf("开始日期");
    expect(JSON.stringify(sheet.getRow(3).getCell(started).note)).toContain("是否为 2025-02-28");
    // Mended, it is a table like any other; what is still wrong stays out.
    sheet.getRow(3).getCell(started).value = "2025-02-28";
    const mended = await desk.check("trial-stays", new Uint8Array(await book.xlsx.writeBuffer()), {
      name: "改好.xlsx",
    });
    expect(mended.counts).toMatchObject({ rows: 12, new: 1 });
  });

  test("that only updates need not have every column; what it would have to make new is said once a row", async () => {
    const checked = await desk.check("trial-stays", "介绍编号,天数\nS1,31\nS0,5\n");
    expect(await desk.faults(checked.importId)).toEqual([
      "3: 登记簿里没有这条记录，要新登记须有身份证号、开始日期，而表里没有这些列。请补上，或核对编号。",
    ]);
  });

  test("without its header, or without the column that names its rows, is refused in words", async () => {
    const none = await desk.check("trial-stays", "甲,乙\n1,2\n");
    expect([none.state, none.problem?.message]).toEqual([
      "failed",
      expect.stringContaining("没有找到“试验介绍”的表头"),
    ]);
    const keyless = await desk.check("trial-stays", `身份证号,开始日期\n${people[0]!.identity},2025-03-01\n`);
    expect(keyless.problem?.message).toContain("缺少“介绍编号”列");
    const empty = await desk.check("trial-stays", `介绍编号,身份证号,开始日期\n`);
    expect(empty.problem?.message).toContain("没有任何数据行");
  });

  test("whose columns nobody recognises is explained by hand, read anew, and remembers that it was", async () => {
    const [one, two] = [people[10]!, people[11]!];
    const failed = await desk.check("trial-stays", `某某表\n甲,乙,丙,丁\nH1,${one.identity},2025-03-01,${one.name}\n`);
    expect([failed.state, failed.sheets.map(({ used }) => used)]).toEqual(["failed", [false]]);
    const [sheet] = failed.sheets;
    expect(sheet!.columns.map(({ header }) => header)).toEqual(["甲", "乙", "丙", "丁"]);
    expect(sheet!.columns[1]!.samples).toEqual([one.mask]);
    const fields = (...named: (string | null)[]) => [
      { sheet: 0, used: true, columns: named.map((field, at) => ({ column: at + 1, field })) },
    ];
    const map = (importId: string, sheets: ReturnType<typeof fields>) =>
      desk.act(mapImport, { importId, sheets }, "clerk");
    await expect(map(failed.importId, fields("code", "code", null, null))).rejects.toThrow("只能对应一列");
    await expect(map(failed.importId, fields(null, "person_id", null, null))).rejects.toThrow("缺少“介绍编号”列");
    await map(failed.importId, fields("code", "person_id", "started_on", "*name"));
    await desk.drain();
    const read = await desk.act(getImport, { importId: failed.importId }, "clerk");
    expect([read.state, read.byHand, read.counts.new]).toEqual(["checked", true, 1]);
    // A recognised column is given another meaning; the rest follows.
    const checked = await desk.check(
      "trial-stays",
      `编号,身份证号,开始日期,结束日期\nH2,${two.identity},2025-03-09,2025-03-02\n`,
    );
    expect(checked.counts.faulty).toBe(1);
    await map(checked.importId, fields("code", "person_id", "ended_on", "started_on"));
    await desk.drain();
    const turned = await desk.apply(checked.importId);
    expect(turned.counts).toMatchObject({ new: 1, faulty: 0 });
    expect((await desk.rows("trial-stays", "clerk", { text: "H2" }))[0]!.values["started_on"]).toBe("2025-03-02");
    await expect(map(checked.importId, fields("code", "person_id", "started_on", null))).rejects.toThrow("已导入");
  });

  test("of a register that shares its table keeps its columns in the jsonb, beside what they held", async () => {
    await desk.take(
      "trial-records",
      `附记编号,身份证号,金额,发放日期,月份,次数,是否公开,级别,地点\nR1,${people[0]!.identity},12.34,2025-03-01,2025-03,2,是,县级,花垣县\n`,
    );
    const again = await desk.check("trial-records", "附记编号,金额,次数\nR1,12.34,3\n");
    expect(again.changes[0]?.cells).toEqual([{ label: "次数", before: 2, after: 3 }]);
    await desk.apply(again.importId);
    const { rows } = await desk.owner.query("SELECT register, content FROM trial.record");
    expect(rows).toEqual([
      {
        register: "trial-records",
        content: {
          paid_fen: 1234,
          paid_on: "2025-03-01",
          month: "2025-03-01",
          times: 3,
          open: true,
          level: "县级",
          place: "433124",
        },
      },
    ]);
    expect((await desk.rows("trial-records"))[0]!.values).toMatchObject({
      paid_fen: 1234,
      month: "2025-03",
      open: true,
      times: 3,
    });
  });

  test("that we gave out ourselves comes back: the template empty, an export unchanged though its numbers are masked", async () => {
    const template = await desk.download(downloadTemplate, { register: "trial-stays" }, "clerk");
    const empty = await desk.check("trial-stays", template.bytes, { name: "模板.xlsx" });
    expect(empty.problem?.message).toContain("没有任何数据行");
    const exported = await desk.download(
      exportRegisterRows,
      { register: "trial-stays", purpose: "核对全部记录" },
      "clerk",
    );
    const back = await desk.check("trial-stays", exported.bytes, { name: exported.fileName });
    expect(await desk.faults(back.importId)).toEqual([]);
    expect(back.counts).toMatchObject({ changed: 0, new: 0, faulty: 0 });
    expect(back.counts.same).toBeGreaterThan(3);
  });
});

describe("an import taken back", () => {
  test("leaves every row as it was, new ones gone", async () => {
    const before = await desk.snapshot("trial.stay");
    const taken = await desk.take(
      "trial-stays",
      `${header}\nS1,,2025-03-09,,,,,,,1,,,别的\n${line("U1", people[6]!)}\n`,
    );
    expect(taken.counts).toMatchObject({ new: 1, changed: 1 });
    const undone = await desk.undo(taken.importId);
    expect(undone.state).toBe("undone");
    expect(await desk.snapshot("trial.stay")).toBe(before);
    await expect(desk.undo(taken.importId)).rejects.toThrow("已撤销");
  });

  test("is refused while a later change stands on its rows, and possible again once that is taken back", async () => {
    const first = await desk.take("trial-stays", `${header}\n${line("V1", people[7]!)}\n${line("V2", people[8]!)}\n`);
    const second = await desk.take("trial-stays", "介绍编号,天数\nV1,9\n");
    expect((await desk.act(getImport, { importId: first.importId }, "clerk")).later).toBe(1);
    await expect(desk.undo(first.importId)).rejects.toThrow("有 1 条之后又被修改");
    await desk.undo(second.importId);
    expect((await desk.undo(first.importId)).state).toBe("undone");
  });

  test("is refused while another register refers to its rows", async () => {
    const agency = await desk.take("trial-agencies", "机构编号,机构名称,机构类型\nA3,新机构,合作社\n");
    const stay = await desk.take("trial-stays", `${header}\n${line("W1", people[9]!, "2025-03-01,2025-04-01,A3")}\n`);
    await desk.undo(agency.importId).then(
      ({ state }) => expect(state).toBe("applied"),
      (cause: Error) => expect(cause.message).toContain("指向"),
    );
    await desk.undo(stay.importId);
    expect((await desk.undo(agency.importId)).state).toBe("undone");
  });
});

test("what moved since the check is not overwritten unseen: it is checked again and nothing written", async () => {
  await desk.take("trial-stays", `${header}\n${line("X1", people[10]!)}\n`);
  const one = await desk.check("trial-stays", "介绍编号,天数\nX1,5\n");
  const other = await desk.check("trial-stays", "介绍编号,天数\nX1,7\n");
  await desk.apply(one.importId);
  const after = await desk.apply(other.importId);
  expect(after.state).toBe("checked");
  expect(after.changes[0]?.cells).toEqual([{ label: "天数", before: 5, after: 7 }]);
  expect((await desk.apply(other.importId)).state).toBe("applied");
});

test("a neighbour's rows are neither seen, nor named, nor changed", async () => {
  const stay = `介绍编号,身份证号,开始日期,结束日期,机构\nN1,${stranger.identity},2025-03-01,2025-03-02,`;
  const foreign = await desk.check("trial-stays", `${stay}A1\n`, { as: "neighbour" });
  // An agency of elsewhere may be named by its exact code: that it is there is all that is said of it.
  expect(await desk.faults(foreign.importId, "neighbour")).toEqual([]);
  const unknown = await desk.check("trial-stays", `${stay}A9\n`, { as: "neighbour" });
  expect(await desk.faults(unknown.importId, "neighbour")).toEqual([expect.stringContaining("里没有“A9”")]);
  await expect(desk.faults(foreign.importId)).rejects.toThrow("没有找到这次导入");
  await desk.apply(foreign.importId, "neighbour");
  const [named] = await desk.rows("trial-stays", "neighbour", { text: "N1" });
  expect(named!.values["agency_id"]).toEqual({ id: "", label: "（辖区外记录）", note: "", open: false });
  expect(await desk.rows("trial-agencies", "neighbour")).toEqual([]);
  expect(await desk.rows("trial-stays", "clerk", { text: "N1" })).toEqual([]);
  const taken = await desk.check("trial-stays", "介绍编号,天数\nN1,3\n");
  expect(await desk.faults(taken.importId)).toEqual([expect.stringContaining("已由其他地区登记")]);
  await expect(desk.check("trial-stays", stay, { as: "finance" })).rejects.toThrow("职责不包含");
});

test("5,000 rows are checked and applied in seconds", async () => {
  const rows = Array.from({ length: 5_000 }, (_, n) =>
    line(`L${n}`, people[n % people.length]!, "2025-03-01,2025-03-31,A1,花垣锦达电子有限公司"),
  );
  const started = performance.now();
  const checked = await desk.check("trial-stays", `${header}\n${rows.join("\n")}\n`);
  const checkedAt = performance.now();
  expect(checked.counts).toEqual({ rows: 5_000, new: 5_000, changed: 0, same: 0, faulty: 0 });
  await desk.apply(checked.importId);
  const appliedAt = performance.now();
  await desk.undo(checked.importId);
  process.stdout.write(
    `5,000 rows: check ${Math.round(checkedAt - started)} ms, apply ${Math.round(appliedAt - checkedAt)} ms, undo ${Math.round(performance.now() - appliedAt)} ms\n`,
  );
  expect(appliedAt - started).toBeLessThan(20_000);
});

import ExcelJS from "exceljs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createRegisterRow,
  editRegisterRow,
  exportRegisterRows,
  getRegisterRow,
  listRegisters,
  listRowChanges,
  listRowsOfPerson,
  removeRegisterRow,
} from "../contract.ts";
import { addEmployer, addPerson, JISHOU, RegisterDesk, trialRegisters, type TrialPerson } from "../fixtures.ts";
import { checkDefinitions } from "../module.ts";

let desk: RegisterDesk;
let person: TrialPerson;
let other: TrialPerson;
let stranger: TrialPerson;
const stays = "trial-stays";

beforeAll(async () => {
  desk = await RegisterDesk.open();
  person = await addPerson(desk.owner, desk.runtime, undefined, { name: "龙试一" });
  other = await addPerson(desk.owner, desk.runtime, undefined, { name: "麻试二" });
  stranger = await addPerson(desk.owner, desk.runtime, `${JISHOU}101201`);
  await addEmployer(desk.owner, "花垣锦达电子有限公司", "433124");
  await desk.take("trial-agencies", "机构编号,机构名称,机构类型\nA1,县就业中心,公共机构\n");
});
afterAll(() => desk?.close());

const create = (values: Record<string, string | null>, as = "clerk", register = stays) =>
  desk.act(createRegisterRow, { register, values }, as);
const given = (code: string, more: Record<string, string | null> = {}) => ({
  code,
  person_id: person.identity,
  started_on: "2025年3月1日",
  ended_on: "2025-04-01",
  ...more,
});

describe("a row by hand", () => {
  test("is read as a table's cells are, found again, and remembers who wrote it", async () => {
    const { rowId, version } = await create(
      given("H1", {
        agency_id: "A1",
        employer_id: "花垣锦达电子有限公司",
        paid_fen: "1,200.50元",
        organised: "有",
        county: "花垣",
      }),
    );
    expect(version).toBe(1);
    const row = await desk.act(getRegisterRow, { register: stays, rowId }, "clerk");
    expect(row.values).toMatchObject({
      paid_fen: 120_050,
      organised: true,
      started_on: "2025-03-01",
      county: { id: "433124" },
    });
    expect(row.region.code).toBe("433124");
    const edited = await desk.act(
      editRegisterRow,
      {
        register: stays,
        rowId,
        version,
        values: { note: "补记", paid_fen: null, agency_id: null },
        reason: "核对原件",
      },
      "clerk",
    );
    expect(edited).toEqual({ version: 2, changed: ["备注", "补助金额", "机构"] });
    const changes = await desk.act(listRowChanges, { register: stays, rowId }, "clerk");
    expect(changes.map(({ act, officerName, reason, cells }) => [act, officerName, reason, cells.length])).toEqual([
      ["update", "clerk经办", "核对原件", 3],
      ["create", "clerk经办", "", expect.any(Number)],
    ]);
    expect(changes[0]!.cells).toContainEqual({
      column: "agency_id",
      label: "机构",
      before: { id: "1", label: "A1", note: "", open: true },
      after: null,
    });
  });

  test("chosen on the screen goes by its id, and only as far as the officer sees", async () => {
    const { rowId } = await create(given("H2", { person_id: `id:${other.personId}`, employer_id: "id:1" }));
    const { values } = await desk.act(getRegisterRow, { register: stays, rowId }, "clerk");
    expect(values).toMatchObject({ person_id: { label: "麻试二" }, employer_id: { label: "花垣锦达电子有限公司" } });
    await expect(create(given("H3", { person_id: `id:${stranger.personId}` }))).rejects.toThrow("不在辖区内");
    await expect(create(given("H3", { person_id: stranger.identity }))).rejects.toThrow("辖区内没有登记");
  });

  test("names what another office keeps by its exact number, and sees only that it is there", async () => {
    const { rowId, version } = await desk.act(
      createRegisterRow,
      { register: stays, values: given("J1", { person_id: stranger.identity, agency_id: "A1" }) },
      "neighbour",
    );
    const kept = await desk.act(getRegisterRow, { register: stays, rowId }, "neighbour");
    expect(kept.values["agency_id"]).toEqual({ id: "", label: "（辖区外记录）", note: "", open: false });
    // Neither chosen by its number nor found by a part of its code.
    for (const agency_id of ["id:1", "A", "县就业中心"])
      await expect(
        desk.act(
          editRegisterRow,
          { register: stays, rowId, version, values: { agency_id }, reason: "测试" },
          "neighbour",
        ),
      ).rejects.toThrow(/不在辖区内|里没有“/);
    // The row is the neighbour's own: who keeps the agency does not see who names it.
    await expect(desk.act(getRegisterRow, { register: stays, rowId }, "clerk")).rejects.toThrow("没有找到");
    await desk.act(removeRegisterRow, { register: stays, rowId, version, reason: "测试完毕" }, "neighbour");
  });

  test("names somebody from elsewhere who works here by his number, as a minimal card", async () => {
    await expect(create(given("K1", { person_id: stranger.identity }))).rejects.toThrow("辖区内没有登记");
    await desk.owner.query(
      `INSERT INTO registry.person_access (person_id, region, ground, valid_from, home_region)
       SELECT person_id, '433124', 'work', '2025-01-01', home_region FROM registry.person WHERE person_id = $1`,
      [stranger.personId],
    );
    const { rowId } = await create(given("K1", { person_id: stranger.identity }));
    const { values } = await desk.act(getRegisterRow, { register: stays, rowId }, "clerk");
    expect(values["person_id"]).toMatchObject({ label: stranger.name, open: false });
    await desk.owner.query("DELETE FROM registry.person_access WHERE person_id = $1", [stranger.personId]);
  });

  test.each([
    [{ started_on: "2025-02-30" }, "这一天不存在"],
    [{ started_on: null }, "没有填写"],
    [{ ended_on: "2025-01-01" }, "结束日期早于开始日期"],
    [{ code: "H1" }, "已有介绍编号相同的记录"],
    [{ kind: "县外" }, "不在可填内容里"],
    [{ county: "吉首市" }, "不在本单位管辖范围内"],
    [{ days: "-3" }, "天数"],
    [{ wrong: "x" }, "没有“wrong”这一栏"],
  ])("with %j is refused in words", async (more, words) => {
    await expect(create({ ...given("H9"), ...more })).rejects.toThrow(words);
  });

  test("opened by two is saved by the first only", async () => {
    const { rowId } = await create(given("H4"));
    const edit = (version: number) =>
      desk.act(
        editRegisterRow,
        { register: stays, rowId, version, values: { note: `第${version}版` }, reason: "测试" },
        "clerk",
      );
    await edit(1);
    await expect(edit(1)).rejects.toThrow("已被他人或导入修改");
    await expect(
      desk.act(
        editRegisterRow,
        { register: stays, rowId, version: 2, values: { note: "第1版" }, reason: "测试" },
        "clerk",
      ),
    ).rejects.toThrow("没有内容发生变化");
    await expect(
      desk.act(
        editRegisterRow,
        { register: stays, rowId, version: 2, values: { note: "改" }, reason: "测试" },
        "finance",
      ),
    ).rejects.toThrow("职责不包含");
  });

  test("is removed with its reason; what refers to it keeps it", async () => {
    const { rowId } = await create(given("H5", { agency_id: "A1" }));
    const [agency] = await desk.rows("trial-agencies");
    const remove = (register: string, row: string, version: number) =>
      desk.act(removeRegisterRow, { register, rowId: row, version, reason: "重复登记" }, "clerk");
    await expect(remove("trial-agencies", agency!.rowId, agency!.version)).rejects.toThrow(
      "“试验介绍”里还有记录指向它",
    );
    await remove(stays, rowId, 1);
    await expect(desk.act(getRegisterRow, { register: stays, rowId }, "clerk")).rejects.toThrow("没有找到这条记录");
    const [gone] = await desk.act(listRowChanges, { register: stays, rowId }, "clerk");
    expect(gone).toMatchObject({ act: "remove", reason: "重复登记" });
  });

  test("in a register that shares its table fills and empties the jsonb", async () => {
    const { rowId, version } = await create(
      { code: "J1", paid_fen: "3.5万", open: "否", times: "2" },
      "clerk",
      "trial-records",
    );
    await desk.act(
      editRegisterRow,
      { register: "trial-records", rowId, version, values: { times: null, level: "省级" }, reason: "更正" },
      "clerk",
    );
    const { rows } = await desk.owner.query("SELECT content FROM trial.record WHERE code = 'J1'");
    expect(rows).toEqual([{ content: { paid_fen: 3_500_000, open: false, level: "省级" } }]);
  });
});

describe("the list", () => {
  test("is filtered by text, code, date, person and region, sorted and paged by the server", async () => {
    await desk.take(
      stays,
      `介绍编号,身份证号,开始日期,结束日期,输出类型,天数,机构\nQ1,${person.identity},2024-01-01,2024-02-01,省内,3,A1\nQ2,${other.identity},2024-03-01,2024-04-01,省外,2,\nQ3,${other.identity},2024-05-01,2024-06-01,省外,1,\n`,
    );
    const codes = async (filter: Record<string, string>) =>
      (await desk.rows(stays, "clerk", { ...filter }))
        .map(({ values }) => values["code"])
        .filter((code) => typeof code === "string" && code.startsWith("Q"));
    expect(await codes({ text: "q2" })).toEqual(["Q2"]);
    expect(await codes({ text: "麻试" })).toEqual(["Q2", "Q3"]);
    expect(await codes({ text: "a1" })).toEqual(["Q1"]);
    expect(await codes({ "is.kind": "省外" })).toEqual(["Q2", "Q3"]);
    expect(await codes({ "from.started_on": "2024-02-01", "to.started_on": "2024-04-01" })).toEqual(["Q2"]);
    expect(await codes({ person: person.personId })).toEqual(["Q1"]);
    expect(await codes({ sort: "days" })).toEqual(["Q3", "Q2", "Q1"]);
    expect(await codes({ sort: "-started_on" })).toEqual(["Q3", "Q2", "Q1"]);
    expect(await codes({ region: "433124102" })).toEqual([]);
    await expect(codes({ region: JISHOU })).rejects.toThrow("不在您的管辖范围内");
    await expect(codes({ "is.nothing": "x" })).rejects.toThrow("没有“nothing”这一栏");
    await expect(codes({ text: person.identity })).rejects.toThrow("不能用来筛选");
  });

  test("is exported as it is seen: chosen columns, masked numbers, watermark; audited with its purpose", async () => {
    const { fileName, bytes } = await desk.download(
      exportRegisterRows,
      { register: stays, text: "Q", sort: "code", purpose: "月度核对", columns: "code,person_id,paid_fen" },
      "clerk",
    );
    expect(fileName).toMatch(/^试验介绍-DC-20250618-\d+\.xlsx$/);
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer);
    const rows = book.worksheets[0]!.getSheetValues().slice(1) as unknown[][];
    expect(String(rows[0]![1])).toContain("月度核对");
    expect(rows[1]!.slice(1)).toEqual(["介绍编号", "姓名", "身份证号", "补助金额"]);
    expect(rows[2]!.slice(1, 4)).toEqual(["Q1", "龙试一", person.mask]);
    const { rows: log } = await desk.owner.query(
      "SELECT kind, detail FROM audit.entry WHERE act = '导出登记簿' ORDER BY entry_id DESC LIMIT 1",
    );
    expect(log).toEqual([{ kind: "export", detail: expect.objectContaining({ purpose: "月度核对" }) }]);
    await expect(
      desk.download(exportRegisterRows, { register: stays, purpose: "月度核对" }, "finance"),
    ).rejects.toThrow("职责不包含");
  });

  test("of the whole says how many rows and which table came last; of one person, what all registers hold", async () => {
    const registers = await desk.act(listRegisters, {}, "clerk");
    expect(registers.map(({ name, rows }) => [name, rows > 0])).toEqual([
      ["trial-agencies", true],
      ["trial-stays", true],
      ["trial-records", true],
    ]);
    expect(registers[1]!.lastImport).toMatchObject({ receivedBy: "clerk经办" });
    const held = await desk.act(listRowsOfPerson, { personId: other.personId }, "clerk");
    expect(held.map(({ name, rows }) => [name, rows.map(({ values }) => values["code"])])).toEqual([
      ["trial-stays", expect.arrayContaining(["H2", "Q2", "Q3"])],
    ]);
  });

  test("of a town and of a neighbour holds nothing of the county's", async () => {
    expect(await desk.rows(stays, "town")).toEqual([]);
    expect(await desk.rows(stays, "neighbour")).toEqual([]);
    expect((await desk.act(listRegisters, {}, "neighbour")).map(({ rows }) => rows)).toEqual([0, 0, 0]);
    const [row] = await desk.rows(stays);
    await expect(desk.act(getRegisterRow, { register: stays, rowId: row!.rowId }, "neighbour")).rejects.toThrow(
      "没有找到",
    );
    expect(await desk.act(listRowChanges, { register: stays, rowId: row!.rowId }, "neighbour")).toEqual([]);
    await expect(
      desk.act(
        removeRegisterRow,
        { register: stays, rowId: row!.rowId, version: row!.version, reason: "越界" },
        "neighbour",
      ),
    ).rejects.toThrow("没有找到");
  });
});

test("a definition that does not fit its table is found when the program is prepared", async () => {
  const [agencies, , records] = trialRegisters;
  const wrong = [
    {
      ...agencies!,
      key: ["name"],
      columns: [
        ...agencies!.columns.filter(({ column }) => column !== "kind"),
        { column: "level", label: "级别", type: "code" as const },
        { column: "owner_id", label: "所属", type: "reference" as const, register: "nothing" },
      ],
    },
    { ...records!, name: "other", table: "trial.nothing" },
  ];
  await expect(checkDefinitions(desk.runtime, wrong)).rejects.toThrow(
    /no column level[^]*no unique key on \(name\)[^]*column kind must be filled[^]*level has no codes[^]*unknown register nothing[^]*no table trial.nothing/,
  );
});

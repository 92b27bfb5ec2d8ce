import { el, type Child } from "../../platform/browser/dom.ts";
import { dayWords } from "../../platform/day-words.ts";
import type { CorrectionRow, MandateRow, MyData, Opening } from "../contract.ts";
import { correctionFieldLabels, correctionStateLabels, type CorrectionField } from "../words.ts";
import { read, send, sendFile } from "./api.ts";
import { entry, fileEntry, fileOf, form, input, moreButton, select, sureButton } from "./form.ts";
import { moment } from "./words.ts";

const empty = (words: string) => el("p", { class: "empty" }, words);

/** Of a list of many months; the rest is folded. */
const FIRST = 3;

const entryRow = (row: MyData["categories"][number]): HTMLElement =>
  el(
    "div",
    { class: "my-row" },
    el("h3", {}, row.title),
    row.lines.map((line) => el("p", {}, line)),
    el("p", { class: "my-source" }, `来源：${row.source}`),
  );

export async function dataPage(correct: (field: CorrectionField) => void): Promise<Child> {
  const data = await read<MyData>("data");
  const may = data.correctable.map(({ field }) => field as string);
  const group = (title: string, rows: MyData["categories"]) =>
    rows.length === 0
      ? null
      : el(
          "section",
          { class: "card" },
          el("h2", {}, title),
          rows.slice(0, FIRST).map(entryRow),
          rows.length > FIRST
            ? el("details", {}, el("summary", {}, `再看 ${rows.length - FIRST} 条`), rows.slice(FIRST).map(entryRow))
            : null,
        );
  return [
    el("h1", { tabindex: -1 }, `${data.name}，您好`),
    el("p", { class: "lead" }, "这里是各部门登记的您的信息，每一项都写明来自哪里。号码只显示一部分。"),
    el(
      "section",
      { class: "card" },
      el("h2", {}, "基本信息"),
      data.fields.map((row) =>
        el(
          "div",
          { class: "my-row" },
          el("p", { class: "my-label" }, row.label),
          el("p", { class: "my-value" }, row.value),
          el("p", { class: "my-source" }, `来源：${row.source}，${dayWords(row.recordedOn)}`),
          may.indexOf(row.field) < 0
            ? null
            : el(
                "button",
                {
                  type: "button",
                  class: "my-mend",
                  "aria-label": `更正${row.label}`,
                  onclick: () => correct(row.field as CorrectionField),
                },
                "有误，申请更正",
              ),
        ),
      ),
    ),
    group("身份类别", data.categories),
    group("务工经历", data.employments),
    group("劳动合同", data.contracts),
    group("参保缴费", data.insurance),
    group("工资发放", data.wages),
    data.grounds.length === 0
      ? null
      : el(
          "section",
          { class: "card" },
          el("h2", {}, "还有谁能看到"),
          el("p", {}, "除户籍地外，下列地方的经办部门能看到您的姓名和部分证件号码，看不到联系方式："),
          el(
            "ul",
            { class: "bullets" },
            data.grounds.map((ground) => el("li", {}, ground)),
          ),
        ),
  ];
}

export async function openingsPage(): Promise<Child> {
  const { rows, total } = await read<{ rows: Opening[]; total: number }>(`openings?size=50`);
  const place = el("div", {});
  const draw = (some: readonly Opening[]) =>
    some.forEach((row) =>
      place.appendChild(
        el(
          "div",
          { class: "card" },
          el("h2", {}, row.office),
          el("p", {}, [row.act, row.purpose].filter((words) => words !== "").join("：")),
          el("p", { class: "my-source" }, [moment(row.at), ...row.duties].join("　")),
        ),
      ),
    );
  draw(rows);
  const more = moreButton("再看 50 条", { shown: rows.length, total }, async (next) => {
    const answer = await read<{ rows: Opening[] }>(`openings?size=50&page=${next}`);
    draw(answer.rows);
    return answer.rows.length;
  });
  return [
    el("h1", { tabindex: -1 }, "谁查看过"),
    el(
      "p",
      { class: "lead" },
      "打开您的档案、查看完整号码、修改您的信息，以及显示过您的名单、含有您的导出，都在这里。",
    ),
    rows.length === 0 ? empty("还没有人打开过您的档案。") : place,
    more,
  ];
}

export async function correctionsPage(wanted: CorrectionField | null, again: () => Promise<void>): Promise<Child> {
  const [{ rows }, data] = await Promise.all([
    read<{ rows: (CorrectionRow & { decidedBy: string | null })[] }>("corrections?size=100"),
    read<MyData>("data"),
  ]);
  return [
    el("h1", { tabindex: -1 }, "更正申请"),
    el("p", { class: "lead" }, "登记的信息不对或不全，可以在这里申请更正，最迟 15 天答复。"),
    askForm(data, wanted, again),
    el("h2", { class: "divider" }, "我的申请"),
    rows.length === 0 ? empty("还没有申请过更正。") : rows.map((row) => correctionCard(row, again)),
  ];
}

function askForm(data: MyData, wanted: CorrectionField | null, again: () => Promise<void>): HTMLElement {
  const field = select(
    "field",
    data.correctable.map((one) => [one.field, one.label] as const),
  );
  if (wanted) field.value = wanted;
  const place = el("div", {});
  const draw = () => {
    while (place.firstChild) place.removeChild(place.firstChild);
    const chosen = data.correctable.filter((one) => one.field === field.value)[0];
    const held = data.fields.filter((one) => one.field === field.value)[0];
    place.appendChild(
      entry(
        "应当是",
        chosen && chosen.choices
          ? select(
              "proposed",
              chosen.choices.map((choice) => [choice.value, choice.label] as const),
            )
          : input("proposed", { maxlength: 200 }),
        held ? `现在登记的是：${held.value}` : field.value === "other" ? "请写清哪一项、应当是什么" : "现在没有登记",
      ),
    );
  };
  field.addEventListener("change", draw);
  draw();
  return form({
    button: "提交申请",
    body: [
      entry("要更正哪一项", field),
      place,
      entry("理由", el("textarea", { name: "reason", rows: 3, maxlength: 300 })),
      fileEntry("证明材料（可以不附）", "照片或 PDF，10 MB 以内"),
    ],
    submit: async (values, whole) => {
      const chosen = fileOf(whole);
      if (chosen) await sendFile("corrections/with-evidence", values, chosen);
      else await send("corrections", values);
      await again();
    },
  });
}

const tones = { waiting: "not-yet", accepted: "in-force", refused: "ended", withdrawn: "" } as const;

function correctionCard(row: CorrectionRow & { decidedBy: string | null }, again: () => Promise<void>): HTMLElement {
  return el(
    "div",
    { class: "card my-correction" },
    el("p", { class: "tags" }, el("span", { class: `tag ${tones[row.state]}` }, correctionStateLabels[row.state])),
    el("h3", {}, correctionFieldLabels[row.field]),
    el("p", {}, `${row.held || "（未登记）"} → ${row.proposed}`),
    el("p", { class: "my-source" }, `${moment(row.askedAt)} 提交，${row.askedBy}。理由：${row.reason}`),
    row.evidence ? el("p", { class: "my-source" }, `证明材料：${row.evidence}`) : null,
    row.answer ? el("p", { class: "why" }, `答复：${row.answer}${row.decidedBy ? `（${row.decidedBy}）` : ""}`) : null,
    row.state === "waiting"
      ? [
          el("p", { class: "my-source" }, `最迟 ${dayWords(row.dueOn)} 答复`),
          sureButton("撤回", "撤回这件申请？撤回后可以重新提交。", () =>
            send(`corrections/${row.correctionId}/withdraw`, {}).then(again),
          ),
        ]
      : null,
  );
}

export async function mandatesPage(again: () => Promise<void>): Promise<Child> {
  const { rows } = await read<{ rows: MandateRow[] }>("mandates");
  return [
    el("h1", { tabindex: -1 }, "代办授权"),
    el("p", { class: "lead" }, "这些工作人员经您授权可以替您办事。不是您的意思，或不再需要，随时可以撤销。"),
    rows.length === 0 ? empty("没有人在替您代办。") : null,
    rows.map((row) =>
      el(
        "div",
        { class: "card" },
        el("h2", {}, `${row.organisation} ${row.officer}`),
        el(
          "p",
          {},
          `${row.authority}，${dayWords(row.authorisedOn)}授权；有效期 ${dayWords(row.validFrom)}至 ${dayWords(row.validTo)}`,
        ),
        row.note ? el("p", {}, row.note) : null,
        el("p", { class: "my-source" }, `已代办 ${row.acts} 件`),
        row.revokedBy
          ? el(
              "p",
              { class: "tags" },
              el("span", { class: "tag" }, row.revokedBy === "person" ? "您已撤销" : "单位已终止"),
            )
          : sureButton("撤销授权", "撤销后，该工作人员不能再替您办事。确定撤销？", () =>
              send(`mandates/${row.mandateId}/revoke`, {}).then(again),
            ),
      ),
    ),
  ];
}

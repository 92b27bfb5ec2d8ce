/** 申请补贴: what there is for the account, and the form of an application, filled in at the telephone. */
import "./my.css";
import type { ApplicationView, MyApplicationRow, Offer, Offers } from "#subsidies/contract";
import { el, type Child } from "../../platform/browser/dom.ts";
import type { WhoEntered } from "../contract.ts";
import { read, RefusedError, send, sendFile, setToken } from "./api.ts";
import { yuan } from "./benefit-parts.ts";
import { show } from "./screen.ts";
import { entry, form, messageOf, sureButton } from "./form.ts";
import { answerField, pick } from "./apply-fields.ts";
import { applicationTags, claimTags, lineTags, offerTags, tag } from "./apply-words.ts";

let open = (/^#(\d+)$/.exec(location.hash) || [])[1] || "";

function go(applicationId: string): void {
  open = applicationId;
  history.pushState(null, "", applicationId === "" ? location.pathname : `#${applicationId}`);
  void begin();
}

const back = (): HTMLElement =>
  el("button", { type: "button", class: "my-mend", onclick: () => go("") }, "‹ 回到可申请的项目");

/** A button that starts a draft; what is refused stands under it. */
function beginButton(words: string, asked: Readonly<Record<string, unknown>>): HTMLElement {
  const problem = el("p", { class: "problem", role: "alert" });
  const button = el("button", {
    type: "button",
    class: "my-button primary",
    onclick: () => {
      button.disabled = true;
      send<{ applicationId: string }>("applications", asked).then(
        ({ applicationId }) => go(applicationId),
        (cause: unknown) => {
          problem.textContent = messageOf(cause);
          button.disabled = false;
        },
      );
    },
  });
  button.textContent = words;
  return el("div", { class: "my-act" }, button, problem);
}

function offerCard(offer: Offer): HTMLElement {
  const may = offer.kind !== "refused" && offer.kind !== "running";
  return el(
    "div",
    { class: "card my-offer" },
    el("p", { class: "tags" }, tag(offerTags[offer.kind])),
    el("h3", {}, offer.title),
    offer.amountFen === null ? null : el("p", { class: "my-value" }, yuan(offer.amountFen)),
    offer.why.map((words) => el("p", { class: "my-source" }, words)),
    may ? beginButton(offer.kind === "report" ? "申请登记" : "申请", { rules: [offer.rule] }) : null,
  );
}

function rowCard(row: MyApplicationRow): HTMLElement {
  return el(
    "div",
    { class: "card" },
    el("p", { class: "tags" }, tag(applicationTags[row.state])),
    el("h3", {}, row.title),
    el(
      "p",
      { class: "my-source" },
      `${row.number}　${row.submittedOn ? `${row.submittedOn} 提交` : `${row.begunOn} 起草`}`,
    ),
    el(
      "button",
      { type: "button", class: "my-button", onclick: () => go(row.applicationId) },
      row.state === "draft" ? "继续填" : "看进度",
    ),
  );
}

const LATER = ["running", "refused"];

async function offersPage(): Promise<Child> {
  const [offers, mine] = await Promise.all([
    read<Offers & { name: string }>("applications/offers"),
    read<{ rows: MyApplicationRow[] }>("applications?size=50"),
  ]);
  const now = offers.measures.filter(({ kind }) => kind !== "report" && LATER.indexOf(kind) < 0);
  const report = offers.measures.filter(({ kind }) => kind === "report");
  const later = offers.measures.filter(({ kind }) => LATER.indexOf(kind) >= 0);
  return [
    el("h1", { tabindex: -1 }, "申请补贴"),
    el("p", { class: "lead" }, `${offers.name}，您好。各部门已经登记的不用再填，也不用再交证明。`),
    mine.rows.length > 0 ? [el("h2", { class: "divider" }, "我的申请"), mine.rows.map(rowCard)] : null,
    offers.bundles.length > 0
      ? [
          el("h2", { class: "divider" }, "一件事，一次办"),
          offers.bundles.map((one) =>
            el(
              "div",
              { class: "card" },
              el("h3", {}, one.title),
              el("p", {}, one.about),
              el("p", { class: "my-source" }, one.measures.map(({ title }) => title).join("、")),
              beginButton(`办“${one.title}”`, { bundle: one.bundle }),
            ),
          ),
        ]
      : null,
    el("h2", { class: "divider" }, "现在可以申请的"),
    now.length === 0 ? el("p", { class: "empty" }, "按登记的情况，现在没有可以直接申请的项目。") : now.map(offerCard),
    report.length > 0
      ? el(
          "details",
          { class: "my-more" },
          el("summary", {}, `还没有登记的 ${report.length} 项`),
          el("p", { class: "my-source" }, "您有这些情况而没有登记的，可以报给经办机构核实登记，再按规定办理。"),
          report.map(offerCard),
        )
      : null,
    later.length > 0
      ? el(
          "details",
          { class: "my-more" },
          el("summary", {}, `正在办理或目前不符合的 ${later.length} 项`),
          later.map(offerCard),
        )
      : null,
  ];
}

function materials(view: ApplicationView, again: () => Promise<void>): Child {
  const known = view.materials.map(({ name }) => name);
  const others = view.files.filter(({ material }) => known.indexOf(material) < 0);
  const files = (own: ApplicationView["files"]) =>
    own.map((file) =>
      el(
        "div",
        { class: "my-attached" },
        el("a", { href: `/api/citizen/applications/${view.applicationId}/files/${file.fileId}` }, file.name),
        el("span", { class: "my-source" }, `　${Math.max(1, Math.round(file.bytes / 1024))} KB`),
        view.mayWrite
          ? sureButton("删除", `删除“${file.name}”？`, () =>
              send(`applications/${view.applicationId}/files/remove`, { fileId: file.fileId }).then(again),
            )
          : null,
      ),
    );
  const add = (material: string) =>
    el(
      "div",
      { class: "my-picks" },
      [true, false].map((camera) =>
        pick(camera ? "拍照" : "选文件", material, camera, async (file) => {
          await sendFile(`applications/${view.applicationId}/files`, { material }, file);
          await again();
        }),
      ),
    );
  return el(
    "section",
    { class: "card" },
    el("h2", {}, "材料"),
    view.materials.map((one) => {
      const own = view.files.filter(({ material }) => material === one.name);
      if (!view.mayWrite && own.length === 0 && !one.certifiedBy) return null;
      return el(
        "div",
        { class: "my-row" },
        el("h3", {}, one.name),
        one.certifiedBy
          ? el("p", { class: "my-source" }, `免交，由${one.certifiedBy}核对`)
          : own.length === 0
            ? el("p", { class: "my-source" }, one.optional ? "有就附，没有可以不附" : "必须附，拍照即可")
            : null,
        files(own),
        view.mayWrite && !one.certifiedBy && own.length === 0 ? add(one.name) : null,
      );
    }),
    view.mayWrite || others.length > 0
      ? el(
          "div",
          { class: "my-row" },
          el("h3", {}, "其他材料"),
          files(others),
          view.mayWrite
            ? [el("p", { class: "my-source" }, "照片、PDF、Word、Excel，每份 10 MB 以内"), add("其他材料")]
            : null,
        )
      : null,
  );
}

function lines(view: ApplicationView): Child {
  return el(
    "section",
    { class: "card" },
    el("h2", {}, view.lines.length > 1 ? `申请 ${view.lines.length} 项` : "申请事项"),
    view.lines.map((line) =>
      el(
        "div",
        { class: "my-row" },
        el("h3", {}, line.title),
        el(
          "p",
          { class: "tags" },
          line.state === "draft"
            ? view.state === "lodged"
              ? tag(["正在立件", "not-yet"])
              : line.offer
                ? tag(offerTags[line.offer.kind])
                : null
            : tag(lineTags[line.state]),
        ),
        line.offer && line.offer.amountFen !== null
          ? el("p", { class: "my-source" }, `按登记的情况 ${yuan(line.offer.amountFen)}`)
          : null,
        line.why || (line.offer && line.offer.why.length > 0)
          ? el("p", { class: "why" }, line.why || line.offer!.why.join("；"))
          : null,
        line.dueOn ? el("p", { class: "my-source" }, `最迟 ${line.dueOn} 答复`) : null,
        line.claims.map((claim) =>
          el("p", {}, `${claim.number}　${yuan(claim.amountFen)}　`, tag(claimTags[claim.state])),
        ),
      ),
    ),
  );
}

function asked(view: ApplicationView, again: () => Promise<void>): Child {
  const statementsOf = (values: Readonly<Record<string, string>>) => {
    const { declared: _declared, ...statements } = values;
    return { statements };
  };
  const box: HTMLInputElement = el("input", { type: "checkbox", id: "declared", class: "my-check" });
  const whole: HTMLFormElement = form({
    button: "提交申请",
    body: [
      view.questions.length > 0
        ? [
            el("h2", {}, "还要您填的"),
            el("p", { class: "my-hint" }, "登记里没有的才问；不清楚的可以不填。"),
            view.questions.map((one, index) => [
              view.lines.length > 1 && (index === 0 || view.questions[index - 1]!.about !== one.about)
                ? el("h3", { class: "my-about" }, one.about)
                : null,
              entry(one.question, answerField(one)),
            ]),
          ]
        : el("p", { class: "my-hint" }, "要用的情况都已经登记，没有要填的。"),
      el(
        "div",
        { class: "my-declared" },
        box,
        el("label", { for: "declared" }, "我承诺所填属实，同意核实；不属实的，愿意退回补贴并承担责任"),
      ),
    ],
    submit: async (values) => {
      if (!box.checked) throw new RefusedError({ status: 422, message: "请先勾选承诺，再提交。", field: "declared" });
      if (view.questions.length > 0) await send(`applications/${view.applicationId}/statements`, statementsOf(values));
      await send(`applications/${view.applicationId}/submit`, { declared: true });
      await again();
    },
    aside: [
      view.questions.length > 0
        ? el("button", { type: "button", class: "my-button", onclick: () => void keep() }, "先保存，以后再填")
        : null,
      el("p", { class: "my-source", role: "status", id: "kept" }),
    ],
  });
  async function keep(): Promise<void> {
    const said = document.getElementById("kept")!;
    const values: Record<string, string> = {};
    whole.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input[name], select[name]").forEach((field) => {
      values[field.name] = field.value.trim();
    });
    await send(`applications/${view.applicationId}/statements`, statementsOf(values)).then(
      () => (said.textContent = "已保存，随时可以接着填。"),
      (cause: unknown) => (said.textContent = messageOf(cause)),
    );
  }
  return el("section", { class: "card" }, whole);
}

const known = (view: ApplicationView): Child =>
  view.known.length === 0
    ? null
    : el(
        "details",
        { class: "card my-more" },
        el("summary", {}, `已经登记、不用再填的 ${view.known.length} 项`),
        view.known.map((one) =>
          el(
            "div",
            { class: "my-row" },
            el("p", { class: "my-label" }, one.label),
            el("p", { class: "my-value" }, one.value),
            el("p", { class: "my-source" }, `来源：${one.source}，截至 ${view.knownOn}`),
          ),
        ),
      );

const stated = (view: ApplicationView): Child =>
  view.questions.length === 0
    ? null
    : el(
        "section",
        { class: "card" },
        el("h2", {}, "您承诺的情况"),
        view.questions.map((one) =>
          el(
            "div",
            { class: "my-row" },
            el("p", { class: "my-label" }, one.label),
            el("p", { class: "my-value" }, one.shown),
            one.checked === "rejected" ? el("p", { class: "why" }, `核实结果：${one.reason}`) : null,
          ),
        ),
      );

async function applicationPage(applicationId: string): Promise<Child> {
  const view = await read<ApplicationView>(`applications/${applicationId}`);
  const again = () => begin();
  const busy = view.state === "lodged" && view.lines.some(({ state }) => state === "draft");
  // Claims are made of it within seconds; the page shows them without being asked.
  if (busy) window.setTimeout(() => open === applicationId && void begin(), 3000);
  return [
    back(),
    el("h1", { tabindex: -1 }, view.title),
    el(
      "p",
      { class: "lead" },
      view.state === "draft"
        ? "填好后提交。没填完的会保存在这里。"
        : `已提交，编号 ${view.number}。由${view.paysAt}人社部门办理。`,
    ),
    lines(view),
    view.state === "draft" ? known(view) : stated(view),
    materials(view, again),
    view.mayWrite
      ? [
          asked(view, again),
          sureButton("删除草稿", "删除这件草稿和已传的材料？删除后不能恢复。", () =>
            send(`applications/${applicationId}/drop`, {}).then(() => go("")),
          ),
        ]
      : el("p", { class: "my-onward" }, el("a", { href: "/my/benefits" }, "看我的补贴和办理进度")),
  ];
}

async function begin(): Promise<void> {
  try {
    const { account } = await read<WhoEntered>("me");
    setToken(account ? account.csrf : "");
    if (!account || (account.name === null && !account.enterprise))
      return show(
        el("h1", { tabindex: -1 }, "申请补贴"),
        el("p", { class: "lead" }, account ? "先完成实名核验，再申请补贴。" : "请先登录，再申请补贴。"),
        el("a", { class: "my-button primary my-link", href: "/my" }, account ? "去核验" : "去登录"),
      );
    show(open === "" ? await offersPage() : await applicationPage(open));
  } catch (cause) {
    show(
      open === "" ? null : back(),
      el("h1", { tabindex: -1 }, "没有打开"),
      el("p", { class: "problem", role: "alert" }, messageOf(cause)),
      cause instanceof RefusedError && cause.refused.status === 401
        ? el("a", { class: "my-button primary my-link", href: "/my" }, "重新登录")
        : el("button", { type: "button", class: "my-button primary", onclick: () => void begin() }, "再试一次"),
    );
  }
}

window.addEventListener("popstate", () => {
  open = (/^#(\d+)$/.exec(location.hash) || [])[1] || "";
  void begin();
});
void begin();

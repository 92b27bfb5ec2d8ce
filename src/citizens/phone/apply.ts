/** 申请补贴: what there is for the account, and the form of an application, filled in at the telephone. */
import "./my.css";
import type { ApplicationView, MyApplicationRow, Offer, Offers } from "#subsidies/contract";
import { el, type Child } from "../../platform/browser/dom.ts";
import { dayWords, withDayWords } from "../../platform/day-words.ts";
import { read, RefusedError, send, sendFile, setAccount, whoIs } from "./api.ts";
import { yuan } from "./benefit-parts.ts";
import { enterUnder, entrance, realName } from "./entrance.ts";
import { goOn, show, showAt, stood } from "./screen.ts";
import { actButton, messageOf, moreButton, offerEntrance, sureButton } from "./form.ts";
import { pick } from "./apply-fields.ts";
import { askedForm } from "./apply-form.ts";
import { applicationTags, claimTags, lineTags, offerTags, tag } from "./apply-words.ts";

interface MyApplications {
  readonly rows: readonly MyApplicationRow[];
  readonly total: number;
}

const openNow = (): string => (/^#(\d+)$/.exec(location.hash) || [])[1] || "";
let open = openNow();

async function go(applicationId: string): Promise<void> {
  open = applicationId;
  goOn(applicationId === "" ? "" : `#${applicationId}`);
  await begin();
}

const back = (): HTMLElement =>
  el("button", { type: "button", class: "my-mend", onclick: () => void go("") }, "‹ 回到可申请的项目");

/** A button that starts a draft, or leads to the one that is there already. */
const beginButton = (words: string, asked: Readonly<Record<string, unknown>>): HTMLElement =>
  actButton(
    words,
    async () => {
      const { applicationId } = await send<{ applicationId: string }>("applications", asked);
      await go(applicationId);
    },
    { primary: true },
  );

function offerCard(offer: Offer): HTMLElement {
  const may = offer.kind !== "refused" && offer.kind !== "running";
  return el(
    "div",
    { class: "card my-offer" },
    el("p", { class: "tags" }, tag(offerTags[offer.kind])),
    el("h3", {}, offer.title),
    offer.amountFen === null ? null : el("p", { class: "my-value" }, yuan(offer.amountFen)),
    offer.why.map((words) => el("p", { class: "my-source" }, withDayWords(words))),
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
      `${row.number}　${row.submittedOn ? `${dayWords(row.submittedOn)}提交` : `${dayWords(row.begunOn)}起草`}`,
    ),
    el(
      "button",
      { type: "button", class: "my-button", onclick: () => void go(row.applicationId) },
      row.state === "draft" ? "继续填" : "看进度",
    ),
  );
}

const PAGE = 20;

function ownApplications({ rows, total }: MyApplications): Child {
  if (rows.length === 0) return null;
  const place = el("div", {}, rows.map(rowCard));
  return [
    el("h2", { class: "divider" }, "我的申请"),
    place,
    moreButton(`再看 ${PAGE} 件`, { shown: rows.length, total }, async (page) => {
      const next = await read<MyApplications>(`applications?size=${PAGE}&page=${page}`);
      next.rows.forEach((row) => place.appendChild(rowCard(row)));
      return next.rows.length;
    }),
  ];
}

const LATER = ["running", "refused"];

async function offersPage(): Promise<Child> {
  const [offers, mine] = await Promise.all([
    read<Offers & { name: string }>("applications/offers"),
    read<MyApplications>(`applications?size=${PAGE}`),
  ]);
  const now = offers.measures.filter(({ kind }) => kind !== "report" && LATER.indexOf(kind) < 0);
  const report = offers.measures.filter(({ kind }) => kind === "report");
  const later = offers.measures.filter(({ kind }) => LATER.indexOf(kind) >= 0);
  return [
    el("h1", { tabindex: -1 }, "申请补贴"),
    el("p", { class: "lead" }, `${offers.name}，您好。各部门已经登记的不用再填，也不用再交证明。`),
    ownApplications(mine),
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
    now.length === 0
      ? el(
          "p",
          { class: "empty" },
          "按登记的情况，现在没有可以直接申请的。登记不全的，在“还没有登记的”里报给经办机构；也可以先",
          el("a", { href: "/calculator" }, "算一算"),
          "。",
        )
      : now.map(offerCard),
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
  const mayAdd = view.mayWrite || view.maySupply;
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
      if (one.certifiedBy || (!mayAdd && own.length === 0)) return null;
      return el(
        "div",
        { class: "my-row" },
        el("h3", {}, one.name),
        own.length === 0 && view.mayWrite
          ? el("p", { class: "my-source" }, one.optional ? "有就附，没有可以不附" : "必须附，拍照即可")
          : null,
        files(own),
        mayAdd && (own.length === 0 || view.maySupply) ? add(one.name) : null,
      );
    }),
    mayAdd || others.length > 0
      ? el(
          "div",
          { class: "my-row" },
          el("h3", {}, "其他材料"),
          files(others),
          mayAdd ? [el("p", { class: "my-source" }, "照片、PDF、Word、Excel，每份 10 MB 以内"), add("其他材料")] : null,
        )
      : null,
    spared(view),
  );
}

/** What departments ask of each other. */
function spared({ materials: all }: ApplicationView): Child {
  const own = all.filter(({ certifiedBy }) => certifiedBy !== null);
  if (own.length === 0) return null;
  return el(
    "details",
    {},
    el("summary", {}, `免交的 ${own.length} 项，部门之间核对`),
    own.map((one) => el("p", {}, `${one.name}：由${one.certifiedBy}核对`)),
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
          ? el("p", { class: "why" }, withDayWords(line.why || line.offer!.why.join("；")))
          : null,
        line.dueOn ? el("p", { class: "my-source" }, `最迟 ${dayWords(line.dueOn)} 答复`) : null,
        line.claims.map((claim) =>
          el("p", {}, `${claim.number}　${yuan(claim.amountFen)}　`, tag(claimTags[claim.state])),
        ),
      ),
    ),
  );
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
            el("p", { class: "my-value" }, withDayWords(one.value)),
            el("p", { class: "my-source" }, `来源：${one.source}，截至 ${dayWords(view.knownOn)}`),
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
            el("p", { class: "my-value" }, withDayWords(one.shown)),
            one.checked === "rejected" ? el("p", { class: "why" }, `核实结果：${one.reason}`) : null,
          ),
        ),
      );

/** What an office has asked for stands with the claim; the files are handed over here. */
const wanted = (view: ApplicationView): Child =>
  view.maySupply
    ? view.lines.map(({ claims }) =>
        claims
          .filter(({ state }) => state === "correction")
          .map((claim) =>
            el(
              "section",
              { class: "card" },
              el("h2", {}, "要您补充材料"),
              el("p", {}, `${claim.number} 还差材料：在下面上传，传好后点“看要补什么”，告诉经办人员已经补好。`),
              el(
                "a",
                { class: "my-button primary my-link", href: `/my/benefits#benefits/${claim.claimId}` },
                "看要补什么",
              ),
            ),
          ),
      )
    : null;

const MOST_LOOKS = 20;
let looks = 0;

async function applicationPage(applicationId: string): Promise<Child> {
  const view = await read<ApplicationView>(`applications/${applicationId}`);
  const again = () => begin();
  const here = () => begin(window.scrollY);
  const busy = view.state === "lodged" && view.lines.some(({ state }) => state === "draft");
  // Claims are made of it within seconds; the page shows them without being asked.
  looks = busy ? looks + 1 : 0;
  if (busy && looks < MOST_LOOKS) window.setTimeout(() => void (open === applicationId && here()), 3000);
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
    wanted(view),
    lines(view),
    view.state === "draft" ? known(view) : stated(view),
    materials(view, here),
    view.mayWrite
      ? [
          askedForm(view, again),
          sureButton("删除草稿", "删除这件草稿和已传的材料？删除后不能恢复。", () =>
            send(`applications/${applicationId}/drop`, {}).then(() => go("")),
          ),
        ]
      : el("a", { class: "my-button my-link", href: "/my/benefits" }, "看我的补贴和办理进度"),
  ];
}

/** Of two that are under way, the one asked for last is shown. */
let turn = 0;

async function begin(top = 0): Promise<void> {
  turn += 1;
  const mine = turn;
  try {
    const { account, demo } = await whoIs();
    offerEntrance(enterUnder(demo, begin));
    if (!account) return show(entrance(demo, "登录以后，就能看到您可以申请哪些补贴。", begin));
    if (account.name === null && !account.enterprise) return show(realName(begin));
    const page = open === "" ? await offersPage() : await applicationPage(open);
    if (turn === mine) showAt(top, page);
  } catch (cause) {
    if (turn !== mine) return;
    if (cause instanceof RefusedError && cause.refused.status === 401) {
      setAccount(null);
      return show(entrance(false, "太久没有操作，登录已失效，请重新登录。", begin));
    }
    show(
      open === "" ? null : back(),
      el("h1", { tabindex: -1 }, "没有打开"),
      el("p", { class: "problem", role: "alert" }, messageOf(cause)),
      el("button", { type: "button", class: "my-button primary", onclick: () => void begin() }, "再试一次"),
    );
  }
}

window.addEventListener("popstate", () => {
  open = openNow();
  void begin(stood());
});
void begin();

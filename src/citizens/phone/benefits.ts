import {
  reviewKindLabels,
  reviewStateLabels,
  type MyBenefit,
  type MyBenefits,
  type OwnClaim,
  type Uncounted,
} from "#subsidies/contract";
import { el, type Child } from "../../platform/browser/dom.ts";
import { read, send } from "./api.ts";
import { answerForm, basisCards, yuan } from "./benefit-parts.ts";
import { entry, form, input, select, sureButton } from "./form.ts";

const OVER = ["paid", "closed", "refused", "withdrawn"];
const tone = (state: OwnClaim["state"]): string =>
  state === "proposed" || state === "correction"
    ? "not-yet"
    : state === "refused" || state === "withdrawn"
      ? "ended"
      : "in-force";

const nextWords = ({ next, dueOn }: Pick<OwnClaim, "next" | "dueOn">): string =>
  next === "" ? "" : `接下来：${next}${dueOn ? `，最迟 ${dueOn}` : ""}。`;

const PAGE = 50;

/** 我的补贴: what is under way or was paid, and what may come. */
export async function benefitsPage(open: (claimId: string) => void, again: () => void): Promise<Child> {
  const { rows, total, possible, messages } = await read<MyBenefits>(`benefits?size=${PAGE}`);
  const place = el("div", {});
  const draw = (some: readonly OwnClaim[]) => some.forEach((row) => place.appendChild(card(row, open)));
  draw(rows);
  let [shown, page] = [rows.length, 1];
  const more = el("button", {
    type: "button",
    class: "my-button",
    onclick: () => {
      more.disabled = true;
      page += 1;
      void read<MyBenefits>(`benefits?size=${PAGE}&page=${page}`).then((answer) => {
        draw(answer.rows);
        shown += answer.rows.length;
        more.disabled = false;
        more.hidden = shown >= total || answer.rows.length === 0;
      });
    },
  });
  more.textContent = `再看 ${PAGE} 件`;
  more.hidden = shown >= total;
  return [
    el("h1", { tabindex: -1 }, "我的补贴"),
    el("p", { class: "lead" }, "人社部门发现可以领取的、正在办的和已经发放的，都在这里。"),
    rows.length === 0
      ? el(
          "p",
          { class: "empty" },
          "现在没有补贴件。能领什么，可以先",
          el("a", { href: "/calculator" }, "算一算"),
          "。",
        )
      : place,
    more,
    possible.length === 0
      ? null
      : [
          el("h2", { class: "divider" }, "还可能领到的"),
          el("p", { class: "my-hint" }, "按现在登记的信息筛查，还没有办的。差什么写在下面。"),
          possible.map((one) =>
            el(
              "div",
              { class: "card" },
              el("p", { class: "tags" }, el("span", { class: "tag not-yet" }, one.outcome)),
              el("h3", {}, one.title),
              one.amountFen === null
                ? null
                : el("p", {}, `约 ${yuan(one.amountFen)}${one.rows > 1 ? `，共 ${one.rows} 项` : ""}`),
              one.lacks.length === 0
                ? null
                : el(
                    "ul",
                    { class: "bullets" },
                    one.lacks.map((words) => el("li", {}, words)),
                  ),
            ),
          ),
        ],
    messages === null ? null : messageWish(messages, again),
  ];
}

function card(row: OwnClaim, open: (claimId: string) => void): HTMLElement {
  return el(
    "div",
    { class: "card my-benefit" },
    el("p", { class: "tags" }, el("span", { class: `tag ${tone(row.state)}` }, row.says)),
    el("h2", {}, row.title),
    el("p", { class: "my-amount" }, yuan(row.amountFen)),
    row.paidOn ? el("p", {}, `${row.paidOn} 到账`) : el("p", {}, nextWords(row)),
    el("p", { class: "my-source" }, `编号 ${row.number}，${row.receivedOn} 生成`),
    el(
      "button",
      {
        type: "button",
        class: row.state === "proposed" ? "my-button primary" : "my-button",
        "aria-label": `查看${row.title}`,
        onclick: () => open(row.claimId),
      },
      row.state === "proposed" ? "查看并确认" : OVER.indexOf(row.state) < 0 ? "查看进度" : "查看",
    ),
  );
}

function messageWish(wanted: boolean, again: () => void): HTMLElement {
  const set = (on: boolean) => send("messages", { wanted: on }).then(again);
  return el(
    "div",
    { class: "card" },
    el("h2", {}, "补贴消息"),
    el("p", {}, wanted ? "有可以领取的补贴时，会发消息给您。" : "您选了不再接收补贴消息。"),
    wanted
      ? sureButton("不再接收", "以后有可以领取的补贴，不再发消息给您。确定？", () => set(false))
      : el("button", { type: "button", class: "my-button", onclick: () => void set(true) }, "恢复接收"),
  );
}

/** One claim: what, why, how far, what its payee can do. */
export async function benefitPage(claimId: string, back: () => void, again: () => void): Promise<Child> {
  const one = await read<MyBenefit>(`benefits/${claimId}?size=200`);
  const section = (title: string, ...children: Child[]) =>
    el("section", { class: "card" }, el("h2", {}, title), children);
  return [
    el("button", { type: "button", class: "my-leave my-back", onclick: back }, "‹ 我的补贴"),
    el("h1", { tabindex: -1 }, one.title),
    el(
      "div",
      { class: "card" },
      el("p", { class: "tags" }, el("span", { class: `tag ${tone(one.state)}` }, one.says)),
      el("p", { class: "my-amount" }, yuan(one.amountFen)),
      nextWords(one) ? el("p", {}, nextWords(one)) : null,
      el("p", { class: "my-source" }, `编号 ${one.number}，${one.receivedOn} 生成，${one.office}办理`),
    ),
    one.answers.length === 0
      ? null
      : answerForm(one, (answer, said) => send(`benefits/${claimId}/answer`, { answer, said }).then(again)),
    section(
      "为什么",
      basisCards(one.basis),
      one.conditions.length === 0
        ? null
        : el(
            "details",
            {},
            el("summary", {}, "用了哪些信息"),
            one.conditions.map(({ says, facts }) =>
              el(
                "div",
                { class: "my-row" },
                el("p", {}, says),
                facts.length === 0
                  ? null
                  : el(
                      "p",
                      { class: "my-source" },
                      facts.map(({ label, value }) => `${label}：${value || "没有登记"}`).join("；"),
                    ),
              ),
            ),
          ),
    ),
    itemsCard(one, section),
    one.forWorkers ? uncountedCard(await read<Uncounted>(`benefits/${claimId}/uncounted?size=200`), section) : null,
    one.payments.length === 0 && one.accountMask === null
      ? section(
          "付到哪里",
          el(
            "p",
            { class: "problem" },
            `还没有登记收款账户。请到人社窗口登记${one.forWorkers ? "单位的银行账户" : "，或在“更正申请”里补报银行账号"}。`,
          ),
        )
      : section(
          "付到哪里",
          one.payments.length === 0
            ? el("p", {}, `将付到尾号 ${one.accountMask!.slice(-4)} 的账户`)
            : one.payments.map((payment) =>
                el(
                  "div",
                  { class: "my-row" },
                  el("p", {}, `${yuan(payment.amountFen)}，${payment.says}`),
                  el(
                    "p",
                    { class: "my-source" },
                    [`尾号 ${payment.accountMask.slice(-4)}`, payment.on].filter(Boolean).join("，"),
                  ),
                ),
              ),
        ),
    section(
      "办理经过",
      el(
        "ol",
        { class: "my-timeline" },
        one.timeline.map(({ on, says, note }) =>
          el(
            "li",
            {},
            el("p", {}, el("b", {}, says)),
            note ? el("p", {}, note) : null,
            el("p", { class: "my-source" }, on),
          ),
        ),
      ),
    ),
    one.letters.length === 0
      ? null
      : section(
          "文书",
          one.letters.map((letter) =>
            el(
              "details",
              { class: "my-letter" },
              el("summary", {}, `${letter.title}　${letter.number}`),
              letter.body.split("\n").map((line) => el("p", {}, line)),
              el("p", { class: "my-source" }, `${letter.office}　${letter.issuedOn}`),
              el(
                "a",
                { class: "my-choose", href: `/api/citizen/letters/${letter.letterId}`, download: true },
                "下载 PDF",
              ),
            ),
          ),
        ),
    reviewsCard(one, again),
    el("p", { class: "my-foot" }, `咨询：${one.contact}`),
  ];
}

function itemsCard(one: MyBenefit, section: (title: string, ...children: Child[]) => HTMLElement): Child {
  // One item that is the whole claim says nothing more.
  if (one.items.length === 1 && one.items[0]!.live) return null;
  const out = one.items.filter(({ live }) => !live).length;
  return section(
    "明细",
    el("p", {}, `共 ${one.itemTotal} 项${out > 0 ? `，其中 ${out} 项没有列入，原因写在下面` : ""}。`),
    one.items.map((item) =>
      el(
        "div",
        { class: "my-row" },
        item.person ? el("p", {}, item.person) : null,
        el("p", item.person ? { class: "my-source" } : {}, `${item.eventDate}　${yuan(item.amountFen)}`),
        item.live
          ? null
          : el(
              "p",
              { class: "fault" },
              `没有列入：${[item.dropped, item.failed.length > 0 ? `不符合“${item.failed.join("”“")}”` : ""].filter(Boolean).join("，")}`,
            ),
      ),
    ),
  );
}

const WHY: Readonly<Record<string, string>> = { failed: "没有达到", "not-yet": "还没到时候", unknown: "待核实" };

/** Who of an enterprise's people is not paid for, and why: the sentence of the rule, and from when on it will be otherwise. */
function uncountedCard(
  { asOf, total, rows }: Uncounted,
  section: (title: string, ...children: Child[]) => HTMLElement,
): Child {
  if (total === 0) return null;
  return section(
    "没有列入的人",
    el("p", {}, `按 ${asOf} 登记的信息，还有 ${total} 人没有列入：`),
    rows.map(({ personName, outcome, from, reasons, missingParameters }) =>
      el(
        "div",
        { class: "my-row" },
        el("p", {}, [personName, from ? `${from} 起可以列入` : ""].filter(Boolean).join("　")),
        el(
          "p",
          { class: "my-source" },
          outcome.indexOf("ELIGIBLE") === 0
            ? "已经符合，人社部门会另生成一件"
            : Object.keys(WHY)
                .map((state) => ({
                  state,
                  own: reasons.filter((one) => (WHY[one.state] ? one.state : "unknown") === state),
                }))
                .filter(({ own }) => own.length > 0)
                .map(({ state, own }) => `${WHY[state]}：${own.map(({ says }) => says).join("、")}`)
                .concat(missingParameters.length > 0 ? ["当地标准还没有公布"] : [])
                .join("；"),
        ),
      ),
    ),
    rows.length < total ? el("p", { class: "my-hint" }, `这里列出前 ${rows.length} 人，其余请向人社窗口查询。`) : null,
  );
}

function reviewsCard(one: MyBenefit, again: () => void): Child {
  if (one.reviews.length === 0 && one.mayAsk.length === 0) return null;
  return el(
    "section",
    { class: "card" },
    el("h2", {}, "有异议"),
    one.reviews.map((row) =>
      el(
        "div",
        { class: "my-row" },
        el("p", { class: "tags" }, el("span", { class: "tag" }, reviewStateLabels[row.state])),
        el("p", {}, `${reviewKindLabels[row.kind]}：${row.content}`),
        row.answer ? el("p", { class: "why" }, `答复：${row.answer}`) : null,
        el(
          "p",
          { class: "my-source" },
          `${row.number}，${row.askedOn} 提出${row.state === "open" ? `，最迟 ${row.dueOn} 答复` : ""}`,
        ),
        row.state === "open"
          ? sureButton("撤回", "撤回这件申请？撤回后可以重新提出。", () =>
              send(`reviews/${row.reviewId}/withdraw`, {}).then(again),
            )
          : null,
      ),
    ),
    one.mayAsk.length === 0
      ? null
      : el(
          "details",
          {},
          el("summary", {}, "申请复核"),
          form({
            button: "提交申请",
            body: [
              entry(
                "要说的是",
                select(
                  "kind",
                  one.mayAsk.map((kind) => [kind, reviewKindLabels[kind]] as const),
                ),
              ),
              entry(
                "理由",
                el("textarea", { name: "content", rows: 3, maxlength: 500 }),
                "由另一名工作人员重新审查，最迟 15 个工作日答复",
              ),
            ],
            submit: async (values) => {
              await send(`benefits/${one.claimId}/reviews`, values);
              again();
            },
          }),
        ),
  );
}

/** For whoever has no account: how far a claim is, by its number. */
export function progressForm(): HTMLElement {
  const found = el("div", { role: "status" });
  return el(
    "details",
    { class: "card" },
    el("summary", {}, "不登录，按编号查补贴进度"),
    form({
      button: "查询",
      body: [
        entry(
          "补贴编号",
          input("number", { maxlength: 24, autocapitalize: "characters" }),
          "在消息和文书里，像 BT433124-00000012",
        ),
        entry(
          "证件号码后六位",
          input("lastSix", { maxlength: 6, autocapitalize: "characters" }),
          "单位填统一社会信用代码后六位",
        ),
      ],
      submit: async (values) => {
        const answer = await send<Pick<OwnClaim, "title" | "says" | "next" | "dueOn">>("progress", values);
        while (found.firstChild) found.removeChild(found.firstChild);
        found.appendChild(
          el(
            "div",
            { class: "why" },
            el("p", {}, el("b", {}, `${answer.title}：${answer.says}`)),
            el("p", {}, nextWords(answer)),
          ),
        );
      },
      aside: found,
    }),
  );
}

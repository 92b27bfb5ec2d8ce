import { reviewKindLabels, reviewStateLabels, type MyBenefit } from "#subsidies/contract";
import { el, type Child } from "../../platform/browser/dom.ts";
import { dayWords, withDayWords } from "../../platform/day-words.ts";
import { read, send } from "./api.ts";
import { uncountedCard } from "./benefit-uncounted.ts";
import { answerForm, basisCards, nextWords, tone, yuan } from "./benefit-parts.ts";
import { entry, form, moreButton, select, sureButton } from "./form.ts";

interface BenefitActs {
  readonly back: () => void;
  readonly again: () => Promise<void>;
  /** To the correction of the account that a person is paid on. */
  readonly mendAccount: () => void;
}

const ITEMS = 50;

/** One claim: what, why, how far, what its payee can do. */
export async function benefitPage(claimId: string, { back, again, mendAccount }: BenefitActs): Promise<Child> {
  const one = await read<MyBenefit>(`benefits/${claimId}?size=${ITEMS}`);
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
      el("p", { class: "my-source" }, `编号 ${one.number}，${dayWords(one.receivedOn)}生成，${one.office}办理`),
    ),
    one.answers.length === 0
      ? null
      : answerForm(one, (answer, said) => send(`benefits/${claimId}/answer`, { answer, said }).then(again)),
    supplyCard(one, again),
    one.state === "refused" && one.told !== ""
      ? section(
          "不予发放的理由",
          el("p", { class: "my-asked" }, one.told),
          el("p", {}, "依据的条文在下面。不同意的，可以在“有异议”里申请复核；怎样申请复议、起诉，写在决定书里。"),
        )
      : null,
    section(
      one.state === "refused" ? "依据的条文" : "为什么",
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
                el("p", {}, withDayWords(says)),
                facts.length === 0
                  ? null
                  : el(
                      "p",
                      { class: "my-source" },
                      facts
                        .map(({ label, value }) => `${label}：${value ? withDayWords(value) : "没有登记"}`)
                        .join("；"),
                    ),
              ),
            ),
          ),
    ),
    itemsCard(one, section),
    one.forWorkers ? await uncountedCard(claimId) : null,
    accountCard(one, section, mendAccount),
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
            el("p", { class: "my-source" }, dayWords(on)),
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
              el("p", { class: "my-source" }, `${letter.office}　${dayWords(letter.issuedOn)}`),
              el(
                "a",
                { class: "my-choose", href: `/api/citizen/letters/${letter.letterId}`, download: true },
                "下载 PDF",
              ),
            ),
          ),
        ),
    reviewsCard(one, again),
    one.mayWithdraw
      ? sureButton("不申请了，撤回", `撤回“${one.title}”？撤回后不再办理；想再领，可以重新申请。`, () =>
          send(`benefits/${claimId}/withdraw`, {}).then(again),
        )
      : null,
    el("p", { class: "my-foot" }, `咨询：${one.contact}`),
  ];
}

/** 补正: what the office asks for, how it is handed over, and the word that it is done. */
function supplyCard(one: MyBenefit, again: () => Promise<void>): Child {
  if (!one.maySupply) return null;
  return el(
    "section",
    { class: "card" },
    el("h2", {}, "要您补充的"),
    el("p", { class: "my-asked" }, one.told),
    one.applicationId === null
      ? el("p", {}, `有材料要交的，请交到${one.office}（${one.contact}），或交给村（社区）、乡镇工作人员代交。`)
      : el("a", { class: "my-button my-link", href: `/my/apply#${one.applicationId}` }, "上传要补的材料"),
    form({
      button: "补好了，接着办",
      body: entry(
        "补充了什么",
        el("textarea", { name: "said", rows: 3, maxlength: 300 }),
        "如：已上传劳动合同。补齐以前，办理期限停止计算",
      ),
      submit: async (values) => {
        await send(`benefits/${one.claimId}/supply`, values);
        await again();
      },
    }),
  );
}

/** Where the money goes or went, and what to do where it did not arrive. */
function accountCard(
  one: MyBenefit,
  section: (title: string, ...children: Child[]) => HTMLElement,
  mendAccount: () => void,
): Child {
  if (isOver(one) && one.payments.length === 0) return null;
  const mend = one.ofPerson
    ? el("button", { type: "button", class: "my-button", onclick: mendAccount }, "更正银行账号")
    : el("p", {}, `请把户名、账号、开户行告诉${one.contact}。`);
  const lacks = one.payments.length === 0 && one.accountMask === null;
  return section(
    "付到哪里",
    lacks ? [el("p", { class: "problem" }, "还没有登记收款账户，登记了才能发放。"), mend] : null,
    one.payments.length === 0 && one.accountMask !== null
      ? el("p", {}, `将付到尾号 ${one.accountMask.slice(-4)} 的账户`)
      : null,
    one.payments.map((payment) =>
      el(
        "div",
        { class: "my-row" },
        el("p", {}, `${yuan(payment.amountFen)}，${payment.says}`),
        el(
          "p",
          { class: "my-source" },
          [`尾号 ${payment.accountMask.slice(-4)}`, payment.on ? dayWords(payment.on) : ""].filter(Boolean).join("，"),
        ),
      ),
    ),
    one.bounced ? [el("p", { class: "why" }, "钱没有到账。账户改好以后，由财政重新发放，不用再申请。"), mend] : null,
  );
}

/** Ended as a whole: of no single item it says anything. */
const isOver = ({ state }: Pick<MyBenefit, "state">): boolean => state === "withdrawn" || state === "refused";

function itemRow(item: MyBenefit["items"][number], whole: boolean): HTMLElement {
  const why = [item.dropped, item.failed.length > 0 ? `不符合“${item.failed.join("”“")}”` : ""].filter(Boolean);
  return el(
    "div",
    { class: "my-row" },
    el(
      "p",
      { class: "my-item" },
      el("span", {}, [item.person, dayWords(item.eventDate)].filter(Boolean).join("　")),
      el("b", {}, yuan(item.amountFen)),
    ),
    item.live || whole ? null : el("p", { class: "fault" }, `没有列入：${why.join("，")}`),
  );
}

function itemsCard(one: MyBenefit, section: (title: string, ...children: Child[]) => HTMLElement): Child {
  // One item that is the whole claim says nothing more.
  if (one.items.length === 1 && one.items[0]!.live) return null;
  const whole = isOver(one) && one.itemsOut === one.itemTotal;
  const place = el(
    "div",
    {},
    one.items.map((item) => itemRow(item, whole)),
  );
  return section(
    "明细",
    el(
      "p",
      {},
      `共 ${one.itemTotal} 项${one.itemsOut > 0 && !whole ? `，其中 ${one.itemsOut} 项没有列入，原因写在下面` : ""}。`,
    ),
    place,
    moreButton(`再看 ${ITEMS} 项`, { shown: one.items.length, total: one.itemTotal }, async (page) => {
      const next = await read<MyBenefit>(`benefits/${one.claimId}?size=${ITEMS}&page=${page}`);
      next.items.forEach((item) => place.appendChild(itemRow(item, whole)));
      return next.items.length;
    }),
  );
}

function reviewsCard(one: MyBenefit, again: () => Promise<void>): Child {
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
          `${row.number}，${dayWords(row.askedOn)}提出${row.state === "open" ? `，最迟 ${dayWords(row.dueOn)} 答复` : ""}`,
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
              await again();
            },
          }),
        ),
  );
}

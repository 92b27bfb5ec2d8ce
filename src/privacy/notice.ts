import { pageBody } from "#policy";
import { html } from "../platform/http/html.ts";
import type { PageBody, PageRequest, PublicPage } from "../platform/http/public-pages.ts";
import type { DomainModule } from "../platform/module.ts";
import {
  consentKinds,
  consentLabels,
  legalBases,
  lengthWords,
  periodOf,
  sensitiveKinds,
  type HeldTable,
  type Holdings,
  type LegalBasis,
  type Length,
  type PeriodId,
} from "../platform/privacy/index.ts";
import { bookOf, type Book } from "./retention/book.ts";
import { agreedLengths } from "./retention/settings.ts";
import { NOTICE_DATE, NOTICE_VERSION } from "./words.ts";

type Lengths = ReadonlyMap<PeriodId, Length>;
const FOOT = "对个人信息的处理有疑问，请拨 12333，或到户籍地人社部门咨询。";

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];
/** What people are told of: facts, not their digests and numbers of ours. */
const factsOf = ({ fields }: HeldTable) => Object.values(fields).filter(({ derived }) => !derived);
const basesOf = (tables: readonly HeldTable[]): LegalBasis[] => unique(tables.flatMap(({ basis }) => basis));

function domainPart({ title, tables }: Holdings, lengths: Lengths) {
  const told = tables.filter((table) => factsOf(table).length > 0 && table.seenBy !== "仅后台处理");
  if (told.length === 0) return null;
  return html`<section class="card">
    <h3>${title}</h3>
    ${told.map(
      (table) =>
        html`<details>
          <summary>${table.title}：${table.purpose}</summary>
          <dl class="facts">
            <div>
              <dt>有哪些</dt>
              <dd>${unique(factsOf(table).map(({ label }) => label)).join("、")}</dd>
            </div>
            <div>
              <dt>谁能看</dt>
              <dd>${table.seenBy}</dd>
            </div>
            <div>
              <dt>存多久</dt>
              <dd>${keptPlainly(table.period, lengths)}</dd>
            </div>
          </dl>
        </details>`,
    )}
    <p class="secondary">
      依据：${basesOf(told)
        .map((id) => legalBases[id].words)
        .join("；")}
    </p>
  </section>`;
}

function keptPlainly(period: PeriodId, lengths: Lengths): string {
  const { from, norm, fixed } = periodOf(period);
  const words = `${lengthWords(lengths.get(period) ?? periodOf(period))}，从${from}算起`;
  return norm === null && !fixed && !lengths.has(period) ? `${words}（举例，由当地确定）` : words;
}

function sensitivePart(book: Book) {
  const kinds = Object.entries(sensitiveKinds).flatMap(([kind, words]) => {
    const labels = unique(
      book.tables.flatMap((table) =>
        factsOf(table)
          .filter(({ sensitive }) => sensitive === kind)
          .map(({ label }) => label),
      ),
    );
    return labels.length === 0 ? [] : [{ words, labels }];
  });
  return html`<ul class="bullets">
    ${kinds.map(({ words, labels }) => html`<li><b>${words}</b>：${labels.join("、")}</li>`)}
  </ul>`;
}

/** What is asked for on its own; what is not held at all is said too. */
function consentPart(book: Book) {
  return html`<ul class="bullets">
    ${consentKinds.map((kind) => {
      const labels = unique(
        book.tables.flatMap(({ fields }) =>
          Object.values(fields)
            .filter(({ consent }) => consent === kind)
            .map(({ label }) => label),
        ),
      );
      return labels.length === 0
        ? html`<li><b>${consentLabels[kind]}</b>：目前不收集。以后要用到，会在使用的当时单独问您，您可以不同意。</li>`
        : html`<li>
            <b>${consentLabels[kind]}</b
            >：${labels.join("、")}。部门依职责报来的按规定处理；您自己填写的，凭您的单独同意，随时可以撤回。
          </li>`;
    })}
  </ul>`;
}

async function noticePage(request: PageRequest, book: Book): Promise<PageBody> {
  const agreed = await agreedLengths(request.services.database.worker);
  const provinces = agreed.filter(({ area }) => area !== "");
  // Provinces may differ; whoever reads this has not said where he is at home.
  const lengths = (provinces.length === 1 ? provinces[0]! : agreed.find(({ area }) => area === "")!).lengths;
  return pageBody(request, {
    title: "个人信息处理告知",
    section: "my",
    foot: FOOT,
    main: html`<h1>个人信息处理告知</h1>
      <p class="lead">说清楚：我们有您的哪些信息、为什么要用、谁能看、存多久，您可以怎么管。</p>
      <p class="secondary">第 ${NOTICE_VERSION} 版，${NOTICE_DATE}。内容由系统的字段台账自动生成。</p>
      <h2 class="divider">谁在处理</h2>
      <p>
        您户籍地、常住地、就业地、参保地的人力资源和社会保障部门，以及乡镇（街道）、村（社区）经办人员，各按自己的职责。
      </p>
      <h2 class="divider">您可以做什么</h2>
      <ul class="bullets">
        <li>看自己有哪些信息、来自哪里：<a href="/my">我的 → 我的信息</a></li>
        <li>看谁查看过、哪些名单和导出里有您：<a href="/my">我的 → 谁查看过</a></li>
        <li>信息不对，申请更正，最迟 15 天答复</li>
        <li>撤回单独同意，申请删除：<a href="/my">我的 → 同意与删除</a>。依法还要保存的，会告诉您存到哪一天</li>
      </ul>
      <h2 class="divider">要单独问您的</h2>
      ${consentPart(book)}
      <h2 class="divider">特别保护的</h2>
      <p>下面这些是敏感个人信息。号码平时只显示一部分；看完整号码要写明用途，每一次都有记录。</p>
      ${sensitivePart(book)}
      <h2 class="divider">有哪些信息，为什么用</h2>
      ${book.holdings.map((holdings) => domainPart(holdings, lengths))}
      <h2 class="divider">到期以后</h2>
      <p>
        保存期限到了，系统夜里自动删除或去掉能认出您的内容，每次都留下只有数量的清除证明。正在办理的事（核查、更正、转移等）没有办结以前不删除。${
          provinces.length > 1 ? "各省可以确定不同的期限。" : null
        }
      </p>`,
  });
}

export const noticePages = (modules: () => readonly DomainModule[]): readonly PublicPage[] => [
  { path: "/privacy", answer: (request) => noticePage(request, bookOf(modules())) },
];

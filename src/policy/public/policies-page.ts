import type { PageBody, PageRequest } from "../../platform/http/public-pages.ts";
import { AUDIENCE_WORDS, AUDIENCES } from "../facts/audience.ts";
import type { SourceText } from "../texts/text.ts";
import { dateWords } from "../citizen/words.ts";
import {
  amountStandards,
  audienceOf,
  BENEFIT_STATUS_LABELS,
  conditionStandards,
  holdsIn,
  isPaidTo,
  sourceAddress,
  sourceWords,
  statusOfBenefit,
  type Standard,
} from "./benefit.ts";
import { addressWith, filtersOf, type Filters } from "./filters.ts";
import { html, type Html } from "../../platform/http/html.ts";
import { pageBody } from "./layout.ts";
import { benefitKey, type Benefit, type PublicLibrary } from "./library.ts";
import { placesUnder, ruledPlaces } from "./places.ts";

/** 政策清单: what there is in a place, for whom, how much, until when, with what to bring and where it is written. */
export function policiesPage({ texts, benefits }: PublicLibrary, request: PageRequest): PageBody {
  const filters = filtersOf(request, texts);
  const { place, ruled, audience, date } = filters;
  if (!place || !ruled) return pageBody(request, { title: "政策清单", section: "policies", main: choosePlace(texts) });
  const found = benefits
    .filter((benefit) => holdsIn(benefit, place.code) && (!audience || audienceOf(benefit).includes(audience)))
    // What pays comes before what only says who is meant.
    .toSorted((a, b) => Number(!a.rule.amount) - Number(!b.rule.amount));
  const standing = found.filter((benefit) => statusOfBenefit(benefit, date) === "in-force");
  const others = found.filter((benefit) => statusOfBenefit(benefit, date) !== "in-force");
  const card = (benefit: Benefit) => benefitCard(benefit, filters, texts);
  return pageBody(request, {
    title: `${place.name}政策清单`,
    section: "policies",
    main: html`<h1>政策清单</h1>
      ${filterForm(filters, texts)}
      <p class="summary" role="status">
        ${place.fullName}，${dateWords(date)}${audience ? html`，${AUDIENCE_WORDS[audience].label}` : null}：
        正在施行的 <b>${standing.length}</b> 项${others.length > 0 ? html`，不在执行期的 ${others.length} 项` : null}。
      </p>
      <p class="links"><a href="${addressWith(`/calculator/${ruled.code}`, { date })}">算一算我能领哪些</a></p>
      ${standing.length === 0 ? html`<p class="empty">这一天没有正在施行的政策。换个日期或身份再看看。</p>` : null}
      ${standing.map(card)}
      ${
        others.length > 0
          ? html`<h2 class="divider" id="ended">不在执行期的</h2>
              ${others.map(card)}`
          : null
      }`,
  });
}

function choosePlace(texts: readonly SourceText[]): Html {
  const places = ruledPlaces(texts);
  return html`<h1>政策清单</h1>
    <p class="lead">先选地方。只列本站收了政策文件的地方。</p>
    <ul class="choices">
      ${places.map(({ code, fullName }) => html`<li><a href="/policies?place=${code}">${fullName}</a></li>`)}
    </ul>`;
}

function filterForm({ place, ruled, audience, date }: Filters, texts: readonly SourceText[]): Html {
  const option = (value: string, label: string, chosen: boolean) =>
    html`<option value="${value}" ${chosen ? html`selected` : null}>${label}</option>`;
  const isOf = (code: string) => place!.code === code;
  return html`<form class="filters" method="get" action="/policies">
    <p>
      <label for="place">地方</label>
      <select id="place" name="place">
        ${ruledPlaces(texts).map(({ code, fullName }) => option(code, fullName, isOf(code)))}
        ${placesUnder(ruled!.code).map(
          (prefecture) =>
            html`<optgroup label="${prefecture.place.name}">
              ${
                prefecture.place.code === ruled!.code
                  ? null
                  : option(prefecture.place.code, `${prefecture.place.name}（全市州）`, isOf(prefecture.place.code))
              }
              ${prefecture.counties.map(({ code, name }) => option(code, name, isOf(code)))}
            </optgroup>`,
        )}
      </select>
    </p>
    <p>
      <label for="who">我是</label>
      <select id="who" name="who">
        <option value="">都看看</option>
        ${AUDIENCES.map((one) => option(one, AUDIENCE_WORDS[one].label, one === audience))}
      </select>
    </p>
    <p>
      <label for="date">哪一天</label>
      <input id="date" name="date" type="date" value="${date}" required />
    </p>
    <button type="submit">查看</button>
  </form>`;
}

function benefitCard(benefit: Benefit, { place, audience, date }: Filters, texts: readonly SourceText[]): Html {
  const { rule } = benefit;
  const { definition } = rule;
  const status = statusOfBenefit(benefit, date);
  const amounts = amountStandards(rule, place!.code, date);
  const paidToOther = audience !== null && !isPaidTo(benefit, audience);
  return html`<article class="card" id="${benefitKey(benefit)}">
    <h2>${definition.title}</h2>
    <p class="tags">
      <span class="tag ${status}">${BENEFIT_STATUS_LABELS[status]}</span> ${untilWords(benefit, status)}
    </p>
    <dl class="facts">
      <div>
        <dt>${definition.amount ? "多少钱" : "给什么"}</dt>
        <dd>${amountWords(benefit, amounts)}</dd>
      </div>
      <div>
        <dt>给谁</dt>
        <dd>${definition.payee}${paidToOther ? html`（因您而付给对方，不是付给您）` : null}</dd>
      </div>
      ${
        definition.payer || definition.funds.length > 0
          ? html`<div>
              <dt>谁来付</dt>
              <dd>${[definition.payer, fundWords(benefit)].filter(Boolean).join("，")}</dd>
            </div>`
          : null
      }
    </dl>
    <details>
      <summary>条件和要带的材料</summary>
      <h3>条件</h3>
      <ul class="bullets">
        ${definition.conditions.filter(({ kind }) => kind !== "review").map(({ says }) => html`<li>${says}</li>`)}
        ${definition.limits.map(({ says }) => html`<li>${says}</li>`)}
        ${definition.funds.flatMap(({ name, conditions }) =>
          conditions.map(({ says }) => html`<li>从${name}支付的：${says}</li>`),
        )}
      </ul>
      ${standardList(conditionStandards(rule, place!.code, date))}
      <h3>要带的材料</h3>
      <ul class="bullets">
        ${definition.evidence.map((one) => html`<li>${one}</li>`)}
      </ul>
    </details>
    ${definition.basis.map(
      (basis) =>
        html`<figure class="law">
          ${basis.quote ? html`<blockquote>${basis.quote}</blockquote>` : null}
          <figcaption>
            <a href="${sourceAddress(basis)}">${sourceWords(basis, texts)}，看原文</a>
          </figcaption>
        </figure>`,
    )}
  </article>`;
}

const fundWords = ({ rule: { definition } }: Benefit): string =>
  definition.funds.length === 0 ? "" : `从${definition.funds.map(({ name }) => name).join("或")}列支`;

function untilWords({ rule }: Benefit, status: ReturnType<typeof statusOfBenefit>): string {
  const { from, to, ended } = rule.definition.inForce;
  if (status === "not-yet") return `${dateWords(from)}起`;
  if (status === "ended") return ended ?? `执行期限截至${dateWords(to!)}。`;
  return to ? `到${dateWords(to)}为止` : "没有写截止日期";
}

function amountWords({ rule: { definition } }: Benefit, standards: readonly Standard[]): Html {
  if (!definition.amount) return html`${definition.decides ?? "不直接发钱"}`;
  const each = definition.amount.each ? `，按${definition.amount.each.unit}计算` : "";
  return html`${definition.amount.says ? html`<span class="amount">${definition.amount.says}${each}</span>` : null}
  ${standardList(standards)}`;
}

const standardList = (standards: readonly Standard[]): Html | null =>
  standards.length === 0
    ? null
    : html`<ul class="standards">
        ${standards.map(
          ({ says, values, awaited }) =>
            html`<li>
              ${says}：${
                awaited
                  ? html`<em class="awaited">${awaited}</em>`
                  : values.map(
                      ({ words, sample }, index) =>
                        html`${index > 0 ? "，" : null}${words}${sample ? html` <span class="tag sample">样例</span>` : null}`,
                    )
              }
            </li>`,
        )}
      </ul>`;

import type { Basis, MeasureDefinition } from "#kernel";
import type { PageBody, PageRequest } from "../../platform/http/public-pages.ts";
import { basesOf } from "../library/bases.ts";
import { findQuote } from "../texts/quote.ts";
import { findWords } from "../texts/search.ts";
import type { Article, SourceText } from "../texts/text.ts";
import { BENEFIT_STATUS_LABELS, statusOfBenefit } from "./benefit.ts";
import { addressWith, filtersOf } from "./filters.ts";
import { html, type Html } from "../../platform/http/html.ts";
import { missingPage, pageBody } from "./layout.ts";
import { benefitKey, type PublicLibrary } from "./library.ts";
import { marked, type Mark } from "./marks.ts";
import { searchForm, statusTag } from "./texts-page.ts";

/** One document, article by article, each beside the benefits made of it and the documents that it cites and that are not here. */
export function textPage(library: PublicLibrary, request: PageRequest): PageBody {
  const { texts } = library;
  const text = texts.find(({ id }) => id === request.params["id"]);
  if (!text) return missingPage(request, "texts", "本站没有这份文件。");
  const { date } = filtersOf(request, texts);
  const query = (request.query["q"] ?? "").trim();
  return pageBody(request, {
    title: text.number ?? text.title,
    section: "texts",
    main: html`${searchForm(query, date)}
      <header class="text-head">
        <h1>${text.title}</h1>
        <p class="tags">${statusTag(text, texts, date)}</p>
        <dl class="facts">
          ${text.number ? fact("文号", text.number) : null} ${fact("发文机关", text.issuer.join("、"))}
          ${fact("性质", text.nature)}
        </dl>
      </header>
      <nav class="contents" aria-label="目录">
        <details>
          <summary>目录</summary>
          <ul>
            ${text.articles.map(
              ({ id, title, level }) =>
                html`<li class="level-${level}"><a href="#${encodeURIComponent(id)}">${id} ${title}</a></li>`,
            )}
          </ul>
        </details>
      </nav>
      ${text.articles.map((article) => articleBlock(article, text, library, query, date))} ${missingDocuments(text)}`,
  });
}

const fact = (label: string, value: string): Html =>
  html`<div>
    <dt>${label}</dt>
    <dd>${value}</dd>
  </div>`;

/** What a benefit cites in one article of a text. */
const citedIn = (definition: MeasureDefinition, text: SourceText, article: Article): readonly Basis[] =>
  basesOf(definition).filter((basis) => basis.text === text.id && basis.article === article.id);

function articleBlock(
  article: Article,
  text: SourceText,
  { benefits, forOffices }: PublicLibrary,
  query: string,
  date: string,
): Html {
  const made = benefits.filter(({ rule }) => citedIn(rule.definition, text, article).length > 0);
  const others = forOffices.filter((definition) => citedIn(definition, text, article).length > 0);
  const quotes = new Set(
    [...made.map(({ rule }) => rule.definition), ...others].flatMap((definition) =>
      citedIn(definition, text, article).flatMap(({ quote }) => quote ?? []),
    ),
  );
  const cited = [...quotes].flatMap(
    (quote) => findQuote(text, quote)?.spans.filter((span) => span.article === article.id) ?? [],
  );
  const marks = [
    ...cited.map((span): Mark => ({ kind: "cited", span })),
    ...findWords(article, query).map((span): Mark => ({ kind: "hit", span })),
  ];
  const missing = text.cites.filter((one) => one.article === article.id);
  return html`<section class="article" id="${article.id}" aria-labelledby="heading-${article.line}">
    <div class="words">
      <h2 id="heading-${article.line}" class="level-${article.level}">
        <a href="#${encodeURIComponent(article.id)}">${article.id}</a> ${article.title}
      </h2>
      ${article.paragraphs.map((words, index) => html`<p class="law">${marked(words, index, marks)}</p>`)}
    </div>
    ${
      made.length + others.length + missing.length === 0
        ? null
        : html`<aside aria-label="${article.id}的政策项目和引用">
            ${
              made.length > 0
                ? html`<h3>据此列出的政策</h3>
                    <ul class="made">
                      ${made.map((benefit) => {
                        const status = statusOfBenefit(benefit, date);
                        const { definition } = benefit.rule;
                        const address = addressWith("/policies", { place: definition.region, date });
                        return html`<li>
                          <a href="${address}#${benefitKey(benefit)}">${definition.title}</a>
                          <span class="tag ${status}">${BENEFIT_STATUS_LABELS[status]}</span>
                        </li>`;
                      })}
                    </ul>`
                : null
            }
            ${
              others.length > 0
                ? html`<h3>据此列出的部门事项</h3>
                    <ul class="made">
                      ${others.map(({ title }) => html`<li>${title}</li>`)}
                    </ul>`
                : null
            }
            ${
              made.length + others.length > 0
                ? html`<p class="secondary">
                    <a
                      href="${addressWith("/rules", { text: text.id, article: article.id })}"
                      aria-label="工作人员看${article.id}的规则"
                      >规则库（工作人员）</a
                    >
                  </p>`
                : null
            }
            ${
              missing.length > 0
                ? html`<h3>引用了、本站没有收的文件</h3>
                    <ul class="bullets">
                      ${missing.map(({ title, number }) => html`<li>《${title}》${number ?? null}</li>`)}
                    </ul>`
                : null
            }
          </aside>`
    }
  </section>`;
}

function missingDocuments({ cites }: SourceText): Html | null {
  if (cites.length === 0) return null;
  return html`<section class="card" aria-labelledby="missing-documents">
    <h2 id="missing-documents">引用了、本站没有收的文件</h2>
    <p class="secondary">这些文件公布的标准和条件，本站无从计算，遇到时写“尚未公布”。</p>
    <ul class="bullets">
      ${cites.map(
        ({ article, title, number, neededFor }) =>
          html`<li>
            《${title}》${number ?? null}
            <span class="secondary"
              >（<a href="#${encodeURIComponent(article)}">${article}</a>引用，用于：${neededFor}）</span
            >
          </li>`,
      )}
    </ul>
  </section>`;
}

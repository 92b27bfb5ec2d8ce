import type { PageBody, PageRequest } from "../../platform/http/public-pages.ts";
import { dateWords } from "../citizen/words.ts";
import { searchTexts, type ArticleHit } from "../texts/search.ts";
import { statusOfText, TEXT_STATUS_LABELS, type SourceText, type TextStatus } from "../texts/text.ts";
import { addressWith, filtersOf } from "./filters.ts";
import { html, type Html } from "../../platform/http/html.ts";
import { pageBody } from "./layout.ts";
import type { PublicLibrary } from "./library.ts";
import { snippet } from "./marks.ts";
import { allPlaces } from "./places.ts";

const MOST_HITS = 60;

/** 政策原文: the documents with their standing on a day, and a search through all their words. */
export function textsPage({ texts }: PublicLibrary, request: PageRequest): PageBody {
  const { date } = filtersOf(request, texts);
  const query = (request.query["q"] ?? "").trim();
  const hits = query ? searchTexts(texts, query) : [];
  return pageBody(request, {
    title: query ? `查找“${query.slice(0, 30)}”` : "政策原文",
    section: "texts",
    main: html`<h1>政策原文</h1>
      ${searchForm(query, date)}
      ${
        query
          ? results(hits, query, date)
          : html`${texts.map((text) => textEntry(text, texts, date))}
              <p class="summary"><a href="/texts/facts">规则用到的事实一览</a></p>`
      }`,
  });
}

export const searchForm = (query: string, date: string): Html =>
  html`<form class="search" method="get" action="/texts" role="search">
    <label for="q">在全部文件里查找</label>
    <div class="search-row">
      <input id="q" name="q" type="search" value="${query}" maxlength="100" placeholder="如：脱贫人口 补贴" />
      <input type="hidden" name="date" value="${date}" />
      <button type="submit">查找</button>
    </div>
  </form>`;

function textEntry(text: SourceText, texts: readonly SourceText[], date: string): Html {
  return html`<article class="card">
    <h2><a href="${addressWith(`/texts/${text.id}`, { date })}">${text.title}</a></h2>
    <p class="tags">${statusTag(text, texts, date)} ${text.number ?? null}</p>
    <p class="secondary">${text.issuer.join("、")}${text.issued ? html`，${dateWords(text.issued)}` : null}</p>
  </article>`;
}

const TAGS: Record<TextStatus, string> = {
  "in-force": "in-force",
  "not-yet": "not-yet",
  ended: "ended",
  replaced: "ended",
};

/** How a text stands on a day, and since or until when. */
export function statusTag(text: SourceText, texts: readonly SourceText[], date: string): Html {
  const status = statusOfText(text, date, texts);
  const { from, to } = text.inForce;
  const successor = texts.find((other) => other.replaces.includes(text.id) && other.inForce.from <= date);
  const words =
    status === "replaced" && successor
      ? html`由<a href="/texts/${successor.id}">${successor.number ?? successor.title}</a>替代`
      : to
        ? html`${dateWords(from)}至${dateWords(to)}`
        : html`${dateWords(from)}起`;
  return html`<span class="tag ${TAGS[status]}">${TEXT_STATUS_LABELS[status]}</span> ${words}`;
}

function results(hits: readonly ArticleHit[], query: string, date: string): Html {
  if (hits.length === 0)
    return html`<p class="empty" role="status">没有找到“${query}”。换个说法，或者少写几个字再试。</p>
      <p><a href="/texts">看全部文件</a></p>`;
  const inTexts = new Set(hits.map(({ text }) => text.id)).size;
  return html`<p class="summary" role="status">
      在 ${inTexts} 份文件里找到
      <b>${hits.length}</b> 条${hits.length > MOST_HITS ? html`，先列 ${MOST_HITS} 条` : null}。
    </p>
    ${hits.slice(0, MOST_HITS).map(({ text, article, spans }) => {
      const paragraphs = [...new Set(spans.map(({ paragraph }) => paragraph))].slice(0, 2);
      return html`<article class="card">
        <h2>
          <a href="${addressWith(`/texts/${text.id}`, { date, q: query })}#${encodeURIComponent(article.id)}"
            >${article.id} ${article.title}</a
          >
        </h2>
        ${paragraphs.map((paragraph) => html`<p class="law">${snippet(article.paragraphs[paragraph]!, paragraph, spans)}</p>`)}
        <p class="secondary">${text.number ?? text.title}，${allPlaces().get(text.region)?.name ?? text.region}</p>
      </article>`;
    })}`;
}

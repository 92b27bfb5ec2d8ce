import type { PageBody, PageRequest } from "../../platform/http/public-pages.ts";
import { html, type Html } from "../../platform/http/html.ts";

const SECTIONS = [
  { id: "calculator", label: "算一算", path: "/calculator" },
  { id: "policies", label: "政策清单", path: "/policies" },
  { id: "texts", label: "政策原文", path: "/texts" },
  // Other domains write these with the same frame.
  { id: "notices", label: "公示", path: "/notices" },
  { id: "my", label: "我的", path: "/my" },
] as const;

interface Page {
  readonly title: string;
  readonly section: (typeof SECTIONS)[number]["id"];
  readonly main: Html;
  /** Source of a script of the page's own, besides the one that all share. */
  readonly entry?: string;
  readonly status?: 200 | 404;
  /** Names people: it is gone after its time, also from searches. */
  readonly unlisted?: boolean;
  /** The line at the foot, where it is not about policies. */
  readonly foot?: string;
}

const SHARED_ENTRY = "src/policy/citizen/page.ts";

/** One public page whole: it is complete without its scripts, which only add large type, reading aloud and what counts. */
export function pageBody({ entry, services }: PageRequest, page: Page): PageBody {
  const built = [SHARED_ENTRY, ...(page.entry ? [page.entry] : [])].flatMap((source) => entry(source) ?? []);
  const styles = [...new Set(built.flatMap((one) => one.styles))];
  const body = html`<!doctype html>
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="theme-color" content="#1e5399" />
        <meta name="format-detection" content="telephone=no" />
        ${page.unlisted ? html`<meta name="robots" content="noindex, noarchive, nosnippet" />` : null}
        <title>${page.title} · 稳岗</title>
        <link rel="icon" href="data:," />
        ${styles.map((sheet) => html`<link rel="stylesheet" href="${sheet}" />`)}
        ${built.map(({ script }) => html`<script type="module" src="${script}"></script>`)}
      </head>
      <body>
        <a class="skip" href="#main">跳到正文</a>
        <header class="top">
          <a class="home" href="/policies"><span class="seal" aria-hidden="true">稳</span><b>稳岗</b></a>
          <div class="tools">
            <button type="button" class="pill" id="read-aloud" hidden>读给我听</button>
            <button type="button" class="pill" id="large-type" aria-pressed="false" hidden>大字</button>
          </div>
          <nav aria-label="公众服务">
            ${SECTIONS.map(
              ({ id, label, path }) =>
                html`<a href="${path}" ${id === page.section ? html`aria-current="page"` : null}>${label}</a>`,
            )}
          </nav>
        </header>
        <main id="main" tabindex="-1">${page.main}</main>
        <footer class="foot">
          <p>${page.foot ?? "本站按公开的政策文件计算，结果供参考；能不能领、领多少，以人社部门审核为准。"}</p>
          <p><a href="/privacy">个人信息处理告知</a></p>
          ${services.demo && !page.foot ? html`<p>这是演示：各地自行确定的标准是举例，不是真实标准。</p>` : null}
        </footer>
      </body>
    </html> `;
  return {
    mediaType: "text/html; charset=utf-8",
    body: body.text,
    ...(page.status ? { status: page.status } : {}),
  };
}

/** What stands at an address that names nothing. */
export const missingPage = (request: PageRequest, section: Page["section"], what: string): PageBody =>
  pageBody(request, {
    title: "没有找到",
    section,
    status: 404,
    main: html`<h1>没有找到</h1>
      <p>${what}</p>
      <p><a href="/policies">看政策清单</a>　<a href="/texts">看政策原文</a></p>`,
  });

import { isDate } from "#kernel";
import type { PageBody, PageRequest } from "../../platform/http/public-pages.ts";
import { filtersOf } from "./filters.ts";
import { html } from "../../platform/http/html.ts";
import { missingPage, pageBody } from "./layout.ts";
import type { PublicLibrary } from "./library.ts";
import { ruledPlaces } from "./places.ts";
import { rulesScript } from "./rules-script.ts";

/** 算一算: the choice of the division whose rules the phone is to load. Everything after that happens on the phone. */
export function calculatorStart({ texts }: PublicLibrary, request: PageRequest): PageBody {
  const { date } = filtersOf(request, texts);
  return pageBody(request, {
    title: "算一算",
    section: "calculator",
    main: html`<h1>算一算能领哪些补贴</h1>
      <p class="lead">答几个问题，就知道能领哪些、能领多少、还差什么。您填的内容只留在这部手机里，不上传、不保存。</p>
      <h2>您要查哪里的政策？</h2>
      <ul class="choices">
        ${ruledPlaces(texts).map(
          ({ code, fullName }) =>
            html`<li><a href="/calculator/${code}${request.query["date"] ? `?date=${date}` : ""}">${fullName}</a></li>`,
        )}
      </ul>`,
  });
}

export function calculatorPage(library: PublicLibrary, request: PageRequest): PageBody {
  const { texts } = library;
  const region = ruledPlaces(texts).find(({ code }) => code === request.params["region"]);
  if (!region) return missingPage(request, "calculator", "本站没有收这个地方的政策文件，还不能算。");
  const asked = request.query["date"];
  const date = asked && isDate(asked) ? asked : request.services.businessDate(region.code);
  // A demonstration's day stands still; the day of an office in service goes on while a phone keeps the page.
  const live = !asked && !request.services.demo;
  return pageBody(request, {
    title: `${region.name}算一算`,
    section: "calculator",
    entry: "src/policy/citizen/calculator.ts",
    main: html`<div
      id="calculator"
      data-rules="${rulesScript(library, region).path}"
      data-date="${date}"
      data-live="${live ? "yes" : "no"}"
    >
      <h1>${region.fullName}算一算</h1>
      <p role="status">正在准备……</p>
      <noscript>
        <p>这台设备没有启用脚本，不能在手机上计算。请看<a href="/policies?place=${region.code}">政策清单</a>。</p>
      </noscript>
    </div>`,
  });
}

/** The service worker under an address that stays; what it does has an address of its own, so that a new build takes the old one's place. */
export function calculatorWorker(_: PublicLibrary, { entry }: PageRequest): PageBody {
  const built = entry("src/policy/citizen/keep-worker.ts");
  return built
    ? {
        mediaType: "text/javascript; charset=utf-8",
        body: `importScripts(${JSON.stringify(built.script)});\n`,
        fetches: true,
      }
    : { mediaType: "text/plain; charset=utf-8", body: "没有这个文件。", status: 404 };
}

/** The module of rules, under an address with its digest. */
export function calculatorRules(library: PublicLibrary, request: PageRequest): PageBody {
  const file = request.params["file"] ?? "";
  const found = ruledPlaces(library.texts)
    .map((region) => rulesScript(library, region))
    .find(({ path }) => path.endsWith(`/${file}`));
  return found
    ? { mediaType: "text/javascript; charset=utf-8", body: found.code, immutable: true }
    : { mediaType: "text/plain; charset=utf-8", body: "没有这个文件，请刷新页面。", status: 404 };
}

import type { FactField } from "#kernel";
import type { PageBody, PageRequest } from "../../platform/http/public-pages.ts";
import { DICTIONARIES } from "../facts/index.ts";
import { answerFormOf, type AnswerForm, type FactDictionary } from "../facts/dictionary.ts";
import { html, type Html } from "../../platform/http/html.ts";
import { pageBody } from "./layout.ts";
import { benefitKey, type Benefit, type PublicLibrary } from "./library.ts";

const FORMS: Record<AnswerForm, string> = {
  "yes-no": "是否",
  choice: "选择",
  county: "县（市、区）",
  text: "文字",
  number: "整数",
  money: "金额",
  date: "日期",
  month: "月份",
  year: "年份",
};

/** 规则用到的事实: what rules may ask, who supplies it and how a citizen is asked; made from the dictionaries, so it is never behind them. */
export function factsPage({ benefits }: PublicLibrary, request: PageRequest): PageBody {
  return pageBody(request, {
    title: "规则用到的事实",
    section: "texts",
    main: html`<h1>规则用到的事实</h1>
      <p class="lead">每项政策按这些事实计算。由部门提供的，不用您证明；您也不知道的，可以问提供的部门。</p>
      ${DICTIONARIES.map((dictionary) => sourceBlock(dictionary, benefits))}`,
  });
}

function sourceBlock({ name, label, fields }: FactDictionary, benefits: readonly Benefit[]): Html {
  const reading = benefits.filter(({ dictionary }) => dictionary.name === name);
  return html`<section class="card" id="${name}">
    <h2>${label}</h2>
    ${
      reading.length > 0
        ? html`<p class="secondary">
            用于：${reading.map(
              (benefit, index) =>
                html`${index > 0 ? "、" : null}<a
                    href="/policies?place=${benefit.rule.definition.region}#${benefitKey(benefit)}"
                    >${benefit.rule.definition.title}</a
                  >`,
            )}
          </p>`
        : null
    }
    <details>
      <summary>${fields.length} 个事实</summary>
      <ul class="bullets">
        ${fields.map(factLine)}
      </ul>
    </details>
  </section>`;
}

function factLine(field: FactField): Html {
  const form = answerFormOf(field);
  const codes = field.codes ? `：${Object.values(field.codes).join("、")}` : "";
  return html`<li>
    <b>${field.label}</b>（${field.name}，${form ? FORMS[form] : "列表"}${codes}），由${field.supplier}提供${
      field.question ? html`；问法：${field.question}` : null
    }
  </li>`;
}

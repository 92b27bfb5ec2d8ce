import { Button } from "antd";
import { Card, StatusTag } from "../../ui/index.ts";
import type { OutputOf } from "../../platform/contract.ts";
import type { listRules } from "../contract.ts";
import { textTones } from "./words.ts";
import css from "./layout.module.css";

type Text = OutputOf<typeof listRules>["texts"][number];

/** The documents that the rules are made of: whether they hold on the asked day, and what they cite that is not here. */
export function TextsCard({
  texts,
  chosen,
  onChoose,
}: {
  texts: readonly Text[];
  chosen: string;
  onChoose: (id: string) => void;
}) {
  return (
    <Card title="政策文本" note={`${texts.length} 件`}>
      <ul className={css["list"]}>
        {texts.map((text) => (
          <li key={text.id}>
            <b className={css["whole"]}>
              <a href={`/texts/${text.id}`} target="_blank" rel="noopener" title="看原文（新窗口）">
                {text.number || text.title}
              </a>
            </b>
            {text.number ? <span className={`caption ${css["whole"]}`}>{text.title}</span> : null}
            <StatusTag tone={textTones[text.status] ?? "plain"}>{text.status}</StatusTag>
            <span className={text.missing > 0 ? "caption tone-soon" : "caption"}>
              {text.missing > 0 ? `未收录的引用文件 ${text.missing} 件` : "所引文件齐全"}
            </span>
            <span className={css["end"]}>
              <Button
                size="small"
                type="link"
                aria-label={`${chosen === text.id ? "看全部规则" : "只看它的规则"}：${text.number || text.title}`}
                onClick={() => onChoose(chosen === text.id ? "" : text.id)}
              >
                {chosen === text.id ? "看全部规则" : "只看它的规则"}
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

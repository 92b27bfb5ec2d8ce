import { Card, Link, MomentText, StatusTag } from "../../ui/index.ts";
import { versionStateLabels, type RuleView } from "../contract.ts";
import { stateTones, windowWords } from "./words.ts";
import css from "./layout.module.css";

/** Every version of the rule: its window, who drafted and who published it. */
export function VersionsCard({ rule }: { rule: RuleView }) {
  return (
    <Card title="版本" note={`${rule.versions.length} 个`}>
      <ul className={css["list"]}>
        {rule.versions.map((version) => (
          <li key={version.versionId}>
            {version.versionId === rule.versionId ? (
              <b>版本 {version.versionId}（本页）</b>
            ) : (
              <Link to={`/rules/${version.versionId}`}>版本 {version.versionId}</Link>
            )}
            <span className={css["end"]}>
              <StatusTag tone={stateTones[version.state]}>{versionStateLabels[version.state]}</StatusTag>
            </span>
            <span className={css["whole"]}>{windowWords(version.inForceFrom, version.inForceTo)}</span>
            <span className={`caption ${css["whole"]}`}>
              {version.publishedAt ? (
                <>
                  {version.publishedByName} 发布于 <MomentText value={version.publishedAt} />
                  {version.origin === "local" ? `，${version.draftedByName} 起草` : ""}
                </>
              ) : (
                <>
                  {version.draftedByName} 起草于 <MomentText value={version.draftedAt} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

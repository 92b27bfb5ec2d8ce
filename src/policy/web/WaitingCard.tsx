import { Card, Link, MomentText, StatusTag } from "../../ui/index.ts";
import { versionStateLabels, type VersionSummary } from "../contract.ts";
import { stateTones } from "./words.ts";
import css from "./layout.module.css";

/** Drafts and proposals: what somebody began and somebody else has to look at. */
export function WaitingCard({ versions }: { versions: readonly VersionSummary[] }) {
  const proposed = versions.filter(({ state }) => state === "proposed").length;
  return (
    <Card
      title="草稿与待发布"
      note={versions.length === 0 ? "没有" : `${versions.length - proposed} 份草稿，${proposed} 份待发布`}
    >
      <ul className={css["list"]}>
        {versions.map((version) => (
          <li key={version.versionId}>
            <Link to={`/rules/${version.versionId}`}>{version.title}</Link>
            <span className={css["end"]}>
              <StatusTag tone={stateTones[version.state]}>{versionStateLabels[version.state]}</StatusTag>
            </span>
            <span className={`caption ${css["whole"]}`}>
              {version.regionName}　{version.draftedByName} <MomentText value={version.draftedAt} />
            </span>
          </li>
        ))}
        {versions.length === 0 ? <li className="caption">起草中的规则和等待复核的规则会列在这里。</li> : null}
      </ul>
    </Card>
  );
}

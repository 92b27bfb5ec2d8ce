import { Tabs } from "antd";
import {
  Answer,
  Card,
  DateText,
  Link,
  PageHeader,
  StatusTag,
  daysBetween,
  useMayOpen,
  usePathPart,
  useRoute,
  useSession,
} from "../../ui/index.ts";
import { getRule, ruleClassLabels, ruleKindLabels, versionStateLabels, type RuleView } from "../contract.ts";
import { CasesTable, casesWords } from "./CasesTable.tsx";
import { ConditionsCard } from "./ConditionsCard.tsx";
import { GateCard } from "./GateCard.tsx";
import { OutcomesCard } from "./OutcomesCard.tsx";
import { ParametersCard } from "./ParametersCard.tsx";
import { ProblemList } from "./ProblemList.tsx";
import { RuleActs } from "./RuleActs.tsx";
import { VersionsCard } from "./VersionsCard.tsx";
import { grainLabels, placeOf, stateTones, statusLabels, statusTones, windowWords } from "./words.ts";
import css from "./layout.module.css";

/** Days before the end of its window from which a rule says so. */
const SOON_DAYS = 180;

/** One version of a rule: the words of the law, what is made of them, how it comes out, and what may be done with it. */
export default function RulePage() {
  const versionId = usePathPart("versionId");
  return <Answer query={useRoute(getRule, { versionId })}>{(rule) => <Loaded key={versionId} rule={rule} />}</Answer>;
}

function Loaded({ rule }: { rule: RuleView }) {
  const mayOpen = useMayOpen();
  return (
    <>
      <PageHeader
        title={rule.title}
        crumbs={[
          { label: "规则库", path: "/rules" },
          { label: rule.regionName },
          ...(rule.basis[0] ? [{ label: placeOf(rule.basis[0]), path: `/rules?text=${rule.basis[0].text}` }] : []),
          { label: rule.title },
        ]}
        tags={<Tags rule={rule} />}
        actions={<RuleActs rule={rule} />}
      />
      <Facts rule={rule} />
      <Window rule={rule} />
      <div className={css["columns"]}>
        <div className={css["stack"]}>
          {rule.ruleProblems.length > 0 ? <ProblemList problems={rule.ruleProblems} /> : null}
          <GateCard rule={rule} />
          <ConditionsCard rule={rule} />
          {rule.kind === "measure" ? (
            <>
              <div className={css["halves"]}>
                <Card title="示例" note={casesWords(rule.caseResults)}>
                  <CasesTable cases={rule.caseResults} />
                </Card>
                <OutcomesCard rule={rule} />
              </div>
              <ParametersCard rule={rule} />
            </>
          ) : null}
          <Card title="规则文件" note={rule.path}>
            <Tabs
              size="small"
              tabBarStyle={{ paddingInline: 14, marginBottom: 0 }}
              items={[
                { key: "rule", label: "规则", children: <Yaml text={rule.yaml} label="规则文件" /> },
                ...(rule.casesYaml === null
                  ? []
                  : [{ key: "cases", label: "示例", children: <Yaml text={rule.casesYaml} label="示例文件" /> }]),
              ]}
            />
          </Card>
        </div>
        <div className={css["stack"]}>
          <VersionsCard rule={rule} />
          {rule.kind === "measure" ? <WordList title="申请材料" words={rule.evidence} none="没有写明材料。" /> : null}
          {rule.kind === "check" && mayOpen("/findings") ? (
            <Card title="查出的疑点" padded>
              <Link to={`/findings?check=${encodeURIComponent(rule.path)}`}>看辖区内按这条规则查出的疑点</Link>
            </Card>
          ) : null}
          {rule.notes.length > 0 ? <WordList title="说明" words={rule.notes} none="" /> : null}
        </div>
      </div>
    </>
  );
}

function Tags({ rule }: { rule: RuleView }) {
  const { businessDate } = useSession();
  const left = rule.inForceTo === null ? null : daysBetween(businessDate, rule.inForceTo);
  return (
    <>
      {rule.state === "published" ? (
        <StatusTag tone={statusTones[rule.status]}>{statusLabels[rule.status]}</StatusTag>
      ) : (
        <StatusTag tone={stateTones[rule.state]}>{versionStateLabels[rule.state]}</StatusTag>
      )}
      {rule.status === "in-force" && left !== null && left <= SOON_DAYS ? (
        <StatusTag tone="soon">{left} 天后到期</StatusTag>
      ) : null}
      <StatusTag tone="outline">{rule.class ? ruleClassLabels[rule.class] : ruleKindLabels[rule.kind]}</StatusTag>
    </>
  );
}

/** A rule that does not hold today says so before its words are read. */
function Window({ rule }: { rule: RuleView }) {
  const { businessDate } = useSession();
  if (rule.status === "in-force" || rule.state === "withdrawn") return null;
  return (
    <output className={css["window"]}>
      {rule.status === "not-yet"
        ? `这项规则 ${rule.inForceFrom ?? ""} 起施行，${businessDate} 还不参加筛查。`
        : `这项规则已于 ${rule.inForceTo ?? ""} 期满，${businessDate} 不再参加筛查；期内发生的事项仍按它办理。${rule.ended ?? ""}`}
    </output>
  );
}

function Facts({ rule }: { rule: RuleView }) {
  const based = rule.versions.find(({ versionId }) => versionId === rule.basedOn);
  const said: readonly (readonly [string, string | null])[] = [
    ["适用", rule.regionName],
    ["执行", windowWords(rule.inForceFrom, rule.inForceTo)],
    ["付给", rule.payee],
    ["资金", rule.funds.length > 0 ? `${rule.funds.join("、")}${rule.payer ? `，由${rule.payer}列支` : ""}` : null],
    ["金额", rule.amountSays],
    ["计算", rule.grain ? (grainLabels[rule.grain] ?? rule.grain) : null],
    ["按", rule.eventDate ? `${rule.eventDate} 之日` : null],
    ["条款编号", rule.catalogue.length > 0 ? rule.catalogue.join("、") : null],
  ];
  return (
    <p className={css["meta"]}>
      {said.map(([name, words]) =>
        words === null ? null : (
          <span key={name}>
            {name} <span>{words}</span>
          </span>
        ),
      )}
      {rule.publishedAt ? (
        <span>
          发布 <DateText value={rule.publishedAt.slice(0, 10)} /> <span>{rule.publishedByName}</span>
        </span>
      ) : null}
      {based ? (
        <span>
          依据 <Link to={`/rules/${based.versionId}`}>版本 {based.versionId}</Link>
        </span>
      ) : null}
    </p>
  );
}

function WordList({ title, words, none }: { title: string; words: readonly string[]; none: string }) {
  return (
    <Card title={title} note={words.length > 0 ? `${words.length} 项` : ""}>
      <ul className={css["list"]}>
        {words.map((word) => (
          <li key={word}>{word}</li>
        ))}
        {words.length === 0 ? <li className="caption">{none}</li> : null}
      </ul>
    </Card>
  );
}

function Yaml({ text, label }: { text: string; label: string }) {
  return <textarea className={css["yaml"]} aria-label={label} readOnly spellCheck={false} value={text} />;
}

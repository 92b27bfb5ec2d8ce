import {
  Answer,
  Card,
  DateText,
  download,
  DownloadButton,
  DueText,
  Icon,
  Law,
  Link,
  MomentText,
  PageHeader,
  StatusTag,
  UploadBox,
  useMay,
  useMayOpen,
  usePathPart,
  useRefresh,
  useRoute,
} from "../../ui/index.ts";
import {
  attachEvidence,
  decisionLabels,
  downloadEvidence,
  findingActLabels,
  findingOutcomeLabels,
  findingStateLabels,
  getFinding,
  oversightPermissions,
  severityLabels,
  type FindingEvent,
  type FindingView,
} from "../contract.ts";
import { FindingActs } from "./FindingActs.tsx";
import { outcomeTones, severityTones, stateTones, subjectOf } from "./words.ts";
import css from "./oversight.module.css";

const EVIDENCE = ".pdf,.jpg,.jpeg,.png,.xlsx,.xls,.csv,.docx,.doc,.txt,.zip";
const LIMIT = 50 * 1024 ** 2;

/** One finding: what is wrong and why, the sentence it breaks, what has been done, who was heard, how it was decided. */
export default function FindingPage() {
  const findingId = usePathPart("findingId");
  const query = useRoute(getFinding, { findingId });
  return (
    <Answer query={query} lines={10}>
      {(finding) => <Shown finding={finding} />}
    </Answer>
  );
}

function Shown({ finding }: { finding: FindingView }) {
  return (
    <>
      <PageHeader
        title={`${finding.title}：${subjectOf(finding)}`}
        crumbs={[{ label: "疑点核查", path: "/findings" }, { label: `第 ${finding.findingId} 号` }]}
        tags={
          <>
            <StatusTag tone={outcomeTones[finding.outcome]}>{findingOutcomeLabels[finding.outcome]}</StatusTag>{" "}
            <StatusTag tone={severityTones[finding.severity]}>{severityLabels[finding.severity]}</StatusTag>{" "}
            <StatusTag tone={stateTones[finding.state]}>
              {finding.state === "closed" && !finding.decision ? "自动消除" : findingStateLabels[finding.state]}
            </StatusTag>
          </>
        }
        actions={<FindingActs finding={finding} />}
      />
      <div className={css["columns"]}>
        <div className={css["stack"]}>
          <What finding={finding} />
          <History events={finding.events} />
        </div>
        <div className={css["stack"]}>
          <Who finding={finding} />
          <Evidence finding={finding} />
        </div>
      </div>
    </>
  );
}

function What({ finding }: { finding: FindingView }) {
  const { explanation } = finding;
  return (
    <Card title="查出的情况" note={`${finding.catalogue.join("、")}　${finding.says}`} padded>
      <p className={css["said"]}>{explanation.message}</p>
      {finding.outcome === "SUSPECTED" ? (
        <p className="caption">
          疑似只凭数据，不能认定意图、亲属关系或身份；听取对方意见后由人认定，不影响本人正常申领。
        </p>
      ) : null}
      {finding.rows > 1 ? (
        <p className="caption">
          共 {finding.rows} 条记录，
          <DateText value={finding.firstEventOn} /> 至 <DateText value={finding.eventOn} />
          ，上面是最近一条
        </p>
      ) : null}
      <ul className={css["conditions"]}>
        {explanation.conditions.map((condition) => (
          <li key={condition.id}>
            <span className={condition.state === "met" ? "tone-late" : "tone-soon"}>
              <Icon name={condition.state === "met" ? "check" : "warning"} size={14} />
              <span className="sr-only">{condition.state === "met" ? "成立" : "不详"}</span>
            </span>
            <div>
              {condition.says}
              <span className={css["sub"]}>
                {condition.facts
                  .map(({ label, value, supplier }) => `${label}：${value ?? "没有填写"}（${supplier}）`)
                  .join("；")}
              </span>
            </div>
          </li>
        ))}
        {explanation.unless ? (
          <li>
            <span className="tone-done">
              <Icon name="check" size={14} />
            </span>
            <div>
              {explanation.unless.says}：{explanation.unless.state === "met" ? "有" : "没有"}
            </div>
          </li>
        ) : null}
      </ul>
      {finding.basis.map((basis) =>
        basis.quote ? (
          <Law
            key={basis.quote}
            quote={basis.quote}
            source={[basis.number || basis.textTitle, basis.article].filter(Boolean).join(" ")}
          />
        ) : null,
      )}
      {finding.notes.map((note) => (
        <p key={note} className="caption">
          {note}
        </p>
      ))}
    </Card>
  );
}

function Who({ finding }: { finding: FindingView }) {
  const mayOpen = useMayOpen();
  const own = finding.personId !== null && finding.identityMask !== null && mayOpen(`/persons/${finding.personId}`);
  const isOver = finding.state === "decided" || finding.state === "closed";
  return (
    <Card title="承办" padded>
      <dl className={css["facts"]}>
        {finding.personName ? (
          <>
            <dt>人员</dt>
            <dd>
              {own ? <Link to={`/persons/${finding.personId}`}>{finding.personName}</Link> : finding.personName}
              <span className={css["sub"]}>{finding.identityMask}</span>
            </dd>
          </>
        ) : null}
        <dt>地区</dt>
        <dd>{finding.place.fullName}</dd>
        <dt>承办单位</dt>
        <dd>{finding.officeName}</dd>
        <dt>承办人</dt>
        <dd>{finding.officerName ?? <span className="secondary">未分派</span>}</dd>
        <dt>查出日期</dt>
        <dd>
          <DateText value={finding.foundOn} />
        </dd>
        <dt>办理期限</dt>
        <dd>{isOver ? <DateText value={finding.dueOn} /> : <DueText due={finding.dueOn} />}</dd>
        <dt>应听取</dt>
        <dd>{finding.hear.join("、") || "不需要"}</dd>
        <dt>发放</dt>
        <dd>{finding.blocksPayment ? "核查期间暂缓发放" : "不影响发放"}</dd>
        <dt>最近核查</dt>
        <dd>
          <DateText value={finding.seenOn} />
          {finding.holds ? "仍成立" : "，以后不再成立"}
        </dd>
        {finding.decision ? (
          <>
            <dt>认定</dt>
            <dd>
              <b>{decisionLabels[finding.decision]}</b>
              <span className={css["sub"]}>
                {finding.decidedByName} <DateText value={finding.decidedOn} />
              </span>
            </dd>
          </>
        ) : null}
        <dt>核查规则</dt>
        <dd>
          {mayOpen(`/rules/${finding.versionId}`) ? (
            <Link to={`/rules/${finding.versionId}`}>{finding.title}</Link>
          ) : (
            finding.title
          )}
        </dd>
      </dl>
    </Card>
  );
}

function History({ events }: { events: readonly FindingEvent[] }) {
  return (
    <Card title="核查经过" note={`${events.length} 条，只增不改`} padded>
      <ol className={css["events"]}>
        {events.map((event) => (
          <li key={event.eventId}>
            <b>{event.act === "found" ? "查出" : findingActLabels[event.act]}</b>
            {event.party ? <>听取 {event.party}　</> : null}
            <span className="caption">
              {event.officerName} {event.organisation}　<MomentText value={event.at} />
            </span>
            {event.note ? <p>{event.note}</p> : null}
            {event.fileName ? (
              <p>
                <DownloadButton size="small" start={() => download(downloadEvidence, { eventId: event.eventId })}>
                  {event.fileName}
                </DownloadButton>
              </p>
            ) : null}
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Evidence({ finding }: { finding: FindingView }) {
  const mayHandle = useMay(oversightPermissions.handle);
  const refresh = useRefresh();
  const files = finding.events.filter(({ fileName }) => fileName !== null);
  if (!mayHandle && files.length === 0) return null;
  return (
    <Card title="材料" note={`${files.length} 份`} padded>
      {files.length === 0 ? <p className="caption">还没有材料。书面说明、照片、流水等，可以上传留存。</p> : null}
      {mayHandle && finding.acts.includes("attach") ? (
        <UploadBox
          route={attachEvidence}
          input={{ findingId: finding.findingId }}
          accept={EVIDENCE}
          limitBytes={LIMIT}
          noun="材料"
          hint="PDF、图片、表格、文档，50 MB 以内"
          onDone={() => void refresh()}
        />
      ) : null}
    </Card>
  );
}

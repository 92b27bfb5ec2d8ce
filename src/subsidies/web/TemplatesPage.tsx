import { Button, Input, Tabs } from "antd";
import { useState } from "react";
import {
  Answer,
  call,
  Card,
  ConfirmAct,
  EmptyState,
  Field,
  holds,
  MomentText,
  PageHeader,
  ProblemNotice,
  StatusTag,
  useAddress,
  useRefresh,
  useRoute,
  useSession,
  useToast,
} from "../../ui/index.ts";
import {
  approveTemplate,
  draftTemplate,
  listTemplates,
  payeePermissions,
  previewTemplate,
  templateKindLabels,
  type TemplateKind,
  type TemplateView,
} from "../contract.ts";
import css from "./subsidies.module.css";

/** 文书模板: the wordings of an office. One drafts and looks at it on a claim that there is, another approves. */
export default function TemplatesPage() {
  const { region } = useSession();
  const county = region.code.length === 6;
  return (
    <>
      <PageHeader
        title="文书模板"
        crumbs={[{ label: "文书模板" }]}
        note="本县自己的措辞，占位由系统填写；一人起草、另一人批准，已签发的文书不受影响"
      />
      {county ? (
        <Templates />
      ) : (
        <Card>
          <EmptyState title="文书模板由县级人社部门设置" hint="请用县级账号登录办理。" />
        </Card>
      )}
    </>
  );
}

function Templates() {
  const query = useRoute(listTemplates, {});
  const [{ kind }, setAddress] = useAddress({ kind: "acceptance" });
  return (
    <Answer query={query} lines={10}>
      {({ rows }) => (
        <Card>
          <Tabs
            activeKey={kind}
            onChange={(key) => setAddress({ kind: key })}
            tabBarStyle={{ padding: "0 14px", marginBottom: 0 }}
            items={rows.map((row) => ({
              key: row.kind,
              label: row.draft ? `${templateKindLabels[row.kind]}（待批准）` : templateKindLabels[row.kind],
            }))}
          />
          {rows
            .filter((row) => row.kind === kind)
            .map((row) => (
              <Editor key={`${row.kind} ${row.version} ${row.draft?.templateId ?? ""}`} template={row} />
            ))}
        </Card>
      )}
    </Answer>
  );
}

function Editor({ template }: { readonly template: TemplateView }) {
  const session = useSession();
  const mayDraft = holds(session, payeePermissions.templates);
  const mayApprove = holds(session, payeePermissions.approveTemplates);
  const start = template.draft ?? template;
  const [given, setGiven] = useState({ title: start.title, body: start.body });
  const [approving, setApproving] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const refresh = useRefresh();
  const toast = useToast();
  const { draft } = template;
  const save = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await call(draftTemplate, { kind: template.kind, ...given });
      toast.done("已保存，等另一人批准后启用。");
      await refresh([listTemplates]);
    } catch (cause) {
      setProblem(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={css["editor"]}>
      <div className={css["stack"]}>
        <p>
          <StatusTag tone={template.version === 0 ? "outline" : "done"}>
            {template.version === 0 ? "现用：系统自带模板" : `现用：第 ${template.version} 版`}
          </StatusTag>{" "}
          {template.approvedByName && template.approvedAt ? (
            <span className="caption">
              {template.approvedByName} <MomentText value={template.approvedAt} /> 批准
            </span>
          ) : null}
        </p>
        {draft ? (
          <p>
            <StatusTag tone="soon">待批准：第 {draft.version} 版</StatusTag>{" "}
            <span className="caption">
              {draft.draftedByName} <MomentText value={draft.draftedAt} /> 起草
              {draft.own && mayApprove ? "，须由另一人批准" : ""}
            </span>
          </p>
        ) : null}
        <Field label="标题">
          <Input
            readOnly={!mayDraft}
            maxLength={60}
            value={given.title}
            onChange={(event) => setGiven({ ...given, title: event.target.value })}
          />
        </Field>
        <Field
          label="正文"
          hint="一行是一段；第一行以冒号结尾的作称呼。占位从右边抄来，写法须一字不差；改动以后才能保存"
        >
          <Input.TextArea
            readOnly={!mayDraft}
            maxLength={4000}
            autoSize={{ minRows: 8, maxRows: 20 }}
            value={given.body}
            onChange={(event) => setGiven({ ...given, body: event.target.value })}
          />
        </Field>
        {problem ? <ProblemNotice problem={problem} compact /> : null}
        <span className={css["acts"]}>
          {mayDraft ? (
            <Button
              type="primary"
              loading={busy}
              disabled={given.body.trim().length < 10 || (given.title === start.title && given.body === start.body)}
              onClick={() => void save()}
            >
              保存，提交批准
            </Button>
          ) : null}
          {mayApprove && draft && !draft.own ? (
            <Button type="primary" onClick={() => setApproving(true)}>
              批准第 {draft.version} 版
            </Button>
          ) : null}
        </span>
        {mayDraft ? <Preview kind={template.kind} given={given} /> : null}
      </div>
      <aside>
        <h3>可用的占位</h3>
        <ul className={css["names"]}>
          {template.placeholders.map(({ name, says, needed }) => (
            <li key={name}>
              <code>{`{${name}}`}</code>
              {needed ? <span className="tone-soon"> 必须写</span> : null}
              <span className={css["sub"]}>{says}</span>
            </li>
          ))}
        </ul>
        {template.earlier.length > 0 ? (
          <>
            <h3>以前的版本</h3>
            {template.earlier.map((one) => (
              <details key={one.templateId} className={css["letter"]}>
                <summary>
                  第 {one.version} 版　{one.approvedByName}
                </summary>
                <div className={css["paper"]}>{one.body}</div>
              </details>
            ))}
          </>
        ) : null}
      </aside>
      {draft && approving ? (
        <ConfirmAct
          open
          title={`批准${templateKindLabels[template.kind]}第 ${draft.version} 版`}
          changes={[{ count: 1, unit: "份", what: "以后签发的文书用这个措辞" }]}
          undo="批准后不能改这一版；要改请另起草一版。"
          confirm="批准"
          onClose={() => setApproving(false)}
          onConfirm={async () => {
            await call(approveTemplate, { templateId: draft.templateId });
            toast.done("已批准启用。");
            await refresh([listTemplates]);
          }}
        >
          <div className={css["paper"]}>{draft.body}</div>
        </ConfirmAct>
      ) : null}
    </div>
  );
}

function Preview({
  kind,
  given,
}: {
  readonly kind: TemplateKind;
  readonly given: { readonly title: string; readonly body: string };
}) {
  const [number, setNumber] = useState("");
  const [shown, setShown] = useState<{ readonly claimNumber: string; readonly title: string; readonly body: string }>();
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const look = async () => {
    setBusy(true);
    setProblem(null);
    try {
      setShown(await call(previewTemplate, { kind, ...given, number: number.trim() }));
    } catch (cause) {
      setProblem(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div>
      <span className={css["acts"]}>
        <Input
          style={{ width: 240 }}
          aria-label="用哪件补贴预览"
          placeholder="补贴件编号（不填用最近一件）"
          maxLength={40}
          value={number}
          onChange={(event) => setNumber(event.target.value)}
        />
        <Button loading={busy} onClick={() => void look()}>
          预览
        </Button>
      </span>
      {problem ? <ProblemNotice problem={problem} compact /> : null}
      {shown ? (
        <>
          <p className="caption">用补贴件 {shown.claimNumber} 预览，没有签发</p>
          <div className={css["paper"]}>
            <h4>{shown.title}</h4>
            {shown.body}
          </div>
        </>
      ) : null}
    </div>
  );
}

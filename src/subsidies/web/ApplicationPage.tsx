import { Button, Checkbox, Input } from "antd";
import { useState } from "react";
import {
  Answer,
  Card,
  ConfirmAct,
  DateText,
  DueText,
  Link,
  MoneyText,
  PageHeader,
  ProblemNotice,
  StatusTag,
  call,
  useAct,
  useGo,
  usePathPart,
  useRefresh,
  useRoute,
  useToast,
} from "../../ui/index.ts";
import {
  applicationStateLabels,
  applicationWayLabels,
  claimStateLabels,
  dropApplication,
  getApplication,
  lineStateLabels,
  lookAgain,
  offerKindLabels,
  receiveApplication,
  refuseLine,
  returnApplication,
  submitApplication,
  withdrawApplication,
  type ApplicationLine,
  type ApplicationView,
} from "../contract.ts";
import { Materials } from "./ApplicationMaterials.tsx";
import { Questions } from "./ApplicationQuestions.tsx";
import { applicationTones, claimTones, lineTones, offerTones } from "./words.ts";
import css from "./subsidies.module.css";

const LODGING_MS = 3_000;

/** One application: filled in while it is a draft, followed afterwards; what waits in it is decided here. */
export default function ApplicationPage() {
  const applicationId = usePathPart("applicationId");
  const query = useRoute(
    getApplication,
    { applicationId },
    {
      // Claims are made of it in the background within seconds.
      every: (view) =>
        view?.state === "lodged" && view.lines.some(({ state }) => state === "draft") ? LODGING_MS : false,
    },
  );
  return (
    <Answer query={query} lines={10}>
      {(view) => <Shown key={view.state} view={view} />}
    </Answer>
  );
}

function Shown({ view }: { view: ApplicationView }) {
  return (
    <>
      <PageHeader
        title={`${view.title}：${view.applicantName}`}
        crumbs={[{ label: "补贴申请", path: "/applications" }, { label: view.number }]}
        tags={<StatusTag tone={applicationTones[view.state]}>{applicationStateLabels[view.state]}</StatusTag>}
        actions={<HeadActs view={view} />}
      />
      <div className={css["columns"]}>
        <div className={css["stack"]}>
          <Card title="申请事项" note={view.bundle ? "一件事，一次填报，各立一件" : undefined} padded>
            {view.lines.map((line) => (
              <Line key={line.lineId} view={view} line={line} />
            ))}
          </Card>
          <Questions view={view} />
          <Materials view={view} />
          {view.mayWrite ? <HandIn view={view} /> : null}
        </div>
        <div className={css["stack"]}>
          <Facts view={view} />
          {view.known.length > 0 ? (
            <Card title="已经登记，不用再填" note={`截至 ${view.knownOn}`} padded>
              <dl className={css["known"]}>
                {view.known.map((one) => (
                  <div key={`${one.label} ${one.value}`}>
                    <dt>{one.label}</dt>
                    <dd>
                      {one.value}
                      <span className={css["sub"]}>来源：{one.source}</span>
                    </dd>
                  </div>
                ))}
              </dl>
            </Card>
          ) : null}
        </div>
      </div>
    </>
  );
}

function Facts({ view }: { view: ApplicationView }) {
  return (
    <Card title="申请" padded>
      <dl className={css["facts"]}>
        <dt>申请人</dt>
        <dd>
          {view.personId && view.mayDecide ? (
            <Link to={`/persons/${view.personId}`}>{view.applicantName}</Link>
          ) : (
            view.applicantName
          )}
          {view.identityMask ? <span className={css["sub"]}>{view.identityMask}</span> : null}
        </dd>
        <dt>方式</dt>
        <dd>
          {applicationWayLabels[view.way]}
          {view.agent ? <span className={css["sub"]}>{view.agent}</span> : null}
        </dd>
        <dt>受理</dt>
        <dd>
          {view.takenAt}
          {view.way === "self" ? null : (
            <span className={css["sub"]}>
              {view.takenBy} {view.organisation}
            </span>
          )}
        </dd>
        <dt>办理</dt>
        <dd>{view.paysAt}</dd>
        <dt>起草</dt>
        <dd>
          <DateText value={view.begunOn} />
        </dd>
        {view.submittedOn ? (
          <>
            <dt>提交</dt>
            <dd>
              <DateText value={view.submittedOn} />
              <span className={css["sub"]}>申请人已承诺所填属实</span>
            </dd>
          </>
        ) : null}
        {view.answeredOn ? (
          <>
            <dt>{view.state === "returned" ? "退回" : "签收"}</dt>
            <dd>
              <DateText value={view.answeredOn} /> {view.answeredBy}
              <span className={css["sub"]}>{view.answer}</span>
            </dd>
          </>
        ) : null}
      </dl>
    </Card>
  );
}

function Line({ view, line }: { view: ApplicationView; line: ApplicationLine }) {
  const decides = view.mayDecide && view.state === "lodged" && line.state === "waiting";
  return (
    <div className={css["material"]}>
      <b>{line.title}</b>
      {line.state === "draft" && line.offer ? (
        <StatusTag tone={offerTones[line.offer.kind]}>{offerKindLabels[line.offer.kind]}</StatusTag>
      ) : (
        <StatusTag tone={lineTones[line.state]}>
          {line.state === "draft" && view.state === "lodged" ? "正在立件" : lineStateLabels[line.state]}
        </StatusTag>
      )}
      {line.dueOn ? (
        <span className="caption">
          {" "}
          应答复 <DueText due={line.dueOn} />
        </span>
      ) : null}
      {line.offer?.amountFen ? (
        <span className="caption">
          {" "}
          按登记的事实 <MoneyText fen={line.offer.amountFen} />
        </span>
      ) : null}
      {line.why || line.offer?.why.join("；") ? (
        <span className={css["sub"]}>{line.why || line.offer!.why.join("；")}</span>
      ) : null}
      {line.claims.map((claim) => (
        <p key={claim.claimId} className={css["claimed"]}>
          {claim.own ? <Link to={`/claims/${claim.claimId}`}>{claim.number}</Link> : claim.number}{" "}
          <StatusTag tone={claimTones[claim.state]}>{claimStateLabels[claim.state]}</StatusTag>{" "}
          <MoneyText fen={claim.amountFen} />
        </p>
      ))}
      {decides ? <Decide view={view} line={line} /> : null}
    </div>
  );
}

/** What waits: looked at again once it is registered, or refused with reasons. */
function Decide({ view, line }: { view: ApplicationView; line: ApplicationLine }) {
  const toast = useToast();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const refresh = useRefresh();
  const again = useAct(lookAgain, {
    onDone: ({ claimed, waiting }) =>
      toast.done(claimed > 0 ? `已立件 ${claimed} 项。` : `还有 ${waiting} 项没有登记或没有核定，理由见各项。`),
  });
  return (
    <div className={css["acts"]}>
      <Button
        size="small"
        loading={again.isPending}
        onClick={() => again.mutate({ applicationId: view.applicationId })}
      >
        已登记，再核一次
      </Button>
      <Button size="small" onClick={() => setOpen(true)}>
        不予立件
      </Button>
      {again.error ? <ProblemNotice problem={again.error} compact /> : null}
      <ConfirmAct
        open={open}
        title="不予立件"
        changes={[{ count: 1, unit: "项", what: `${line.title}，理由告知申请人` }]}
        undo="申请人可以补充后重新申请。"
        confirm="不予立件"
        danger
        lacks={[reason.trim().length < 2 && "理由和条款"]}
        onClose={() => setOpen(false)}
        onConfirm={async () => {
          await call(refuseLine, { applicationId: view.applicationId, lineId: line.lineId, reason: reason.trim() });
          toast.done("已告知不予立件的理由。");
          await refresh();
        }}
      >
        <Input.TextArea
          className={css["field"] ?? ""}
          aria-label="理由和条款"
          placeholder="理由和条款"
          maxLength={300}
          autoSize={{ minRows: 2, maxRows: 6 }}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </ConfirmAct>
    </div>
  );
}

function HandIn({ view }: { view: ApplicationView }) {
  const [declared, setDeclared] = useState(false);
  const toast = useToast();
  const elsewhere = view.personId === null;
  const submit = useAct(submitApplication, {
    onDone: ({ number, state }) =>
      toast.done(state === "forwarded" ? `${number} 已转往${view.paysAt}，等对方签收。` : `${number} 已提交。`),
  });
  return (
    <Card title={elsewhere ? `转往${view.paysAt}` : "提交"} padded>
      <Checkbox checked={declared} onChange={(event) => setDeclared(event.target.checked)}>
        已告知申请人：所填情况应当属实，不属实的要退回补贴并记入信用；申请人承诺属实，同意核实
      </Checkbox>
      {submit.error ? <ProblemNotice problem={submit.error} compact /> : null}
      <Button
        type="primary"
        className={css["field"] ?? ""}
        disabled={!declared}
        loading={submit.isPending}
        onClick={() => submit.mutate({ applicationId: view.applicationId, declared: true })}
      >
        {elsewhere ? "提交并转办" : "提交申请"}
      </Button>
    </Card>
  );
}

function HeadActs({ view }: { view: ApplicationView }) {
  const { applicationId } = view;
  const go = useGo();
  const toast = useToast();
  const refresh = useRefresh();
  const [asking, setAsking] = useState<"drop" | "return" | "withdraw" | null>(null);
  const [reason, setReason] = useState("");
  const receive = useAct(receiveApplication, { onDone: () => toast.done("已签收，正在立件。") });
  const words = {
    drop: { title: "删除草稿", what: "草稿和已传的材料", undo: "删除后不能恢复。" },
    return: { title: "退回申请", what: "申请，退给受理的窗口", undo: "对方补充后可以再转来。" },
    withdraw: { title: "撤回申请", what: "转出的申请", undo: "撤回后不能恢复，可以重新申请。" },
  } as const;
  const asked = asking ? words[asking] : null;
  return (
    <>
      {view.mayDecide && view.state === "forwarded" ? (
        <>
          <Button onClick={() => setAsking("return")}>退回</Button>
          <Button type="primary" loading={receive.isPending} onClick={() => receive.mutate({ applicationId })}>
            签收
          </Button>
        </>
      ) : null}
      {view.mayWithdraw ? <Button onClick={() => setAsking("withdraw")}>撤回</Button> : null}
      {view.mayWrite && view.state === "draft" ? <Button onClick={() => setAsking("drop")}>删除草稿</Button> : null}
      {receive.error ? <ProblemNotice problem={receive.error} compact /> : null}
      {asking && asked ? (
        <ConfirmAct
          open
          title={asked.title}
          changes={[{ count: 1, unit: "件", what: asked.what }]}
          undo={asked.undo}
          confirm={asked.title}
          danger={asking !== "return"}
          lacks={[asking === "return" && reason.trim().length < 2 && "退回的理由和要补什么"]}
          onClose={() => setAsking(null)}
          onConfirm={async () => {
            if (asking === "drop") {
              await call(dropApplication, { applicationId });
              go("/applications?view=drafts");
            } else if (asking === "return") await call(returnApplication, { applicationId, reason: reason.trim() });
            else await call(withdrawApplication, { applicationId });
            toast.done(`已${asked.title}。`);
            if (asking !== "drop") await refresh();
          }}
        >
          {asking === "return" ? (
            <Input.TextArea
              className={css["field"] ?? ""}
              aria-label="退回的理由和要补什么"
              placeholder="退回的理由和要补什么"
              maxLength={300}
              autoSize={{ minRows: 2, maxRows: 6 }}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          ) : null}
        </ConfirmAct>
      ) : null}
    </>
  );
}

import { useCallback } from "react";
import {
  Answer,
  Card,
  EmptyState,
  Icon,
  Link,
  moment,
  monthName,
  PageHeader,
  ProblemNotice,
  Steps,
  TaskProgress,
  useAddress,
  useLeaveMark,
  usePathPart,
  useRefresh,
  useRoute,
  useSession,
  ProblemError,
} from "../../ui/index.ts";
import { nextState } from "../../platform/contract.ts";
import { batchFlow, batchStateLabels, getBatch, getTask, ledgerKindLabels, type BatchSummary } from "../contract.ts";
import { AppliedStep } from "./AppliedStep.tsx";
import { BatchHeader } from "./BatchHeader.tsx";
import { CheckStep } from "./CheckStep.tsx";
import { CompareStep } from "./CompareStep.tsx";
import { MappingStep } from "./MappingStep.tsx";
import { batchSteps, currentStep, stepsOf, type BatchStep } from "./steps.ts";
import { batchTitle, busyStates, leaveMarkKey } from "./words.ts";
import css from "./BatchPage.module.css";

const BUSY_EVERY_MS = 2_000;
const labels: Partial<Record<BatchStep, string>> = { mapping: "列映射", check: "校验", compare: "比对", apply: "应用" };

/** One batch on its way through the six steps. The address names the step; without it, the one where the batch stands. */
export default function BatchPage() {
  const batchId = usePathPart("batchId");
  const [{ step, same }] = useAddress({ step: "", same: "" });
  const batch = useRoute(
    getBatch,
    { batchId },
    { every: (found) => (found && busyStates.has(found.state) ? BUSY_EVERY_MS : false) },
  );
  return (
    <Answer query={batch} lines={8}>
      {(found) =>
        found.counterOf !== null ? (
          <UndoRecord batch={found} />
        ) : (
          <Batch batch={found} step={batchSteps.find((one) => one === step) ?? currentStep(found)} same={same} />
        )
      }
    </Answer>
  );
}

/** The record of an undo is a batch of its own without rows: it says what it took back, and nothing can be done with it. */
function UndoRecord({ batch }: { batch: BatchSummary }) {
  const { businessDate } = useSession();
  return (
    <>
      <PageHeader
        title={`撤销 ${batchTitle(batch)}`}
        crumbs={[
          { label: "本月台账", path: "/ledger" },
          { label: monthName(batch.month), path: `/ledger?month=${batch.month}` },
          { label: "撤销记录" },
        ]}
      />
      <p className={css["same"]}>
        <Icon name="undo" />
        <span>
          {batch.appliedAt ? `${moment(batch.appliedAt, businessDate)} ` : ""}
          {batch.appliedBy ?? ""}撤销了<Link to={`/ledger/${batch.counterOf}`}>这一批台账</Link>
          ，登记库回到它应用之前。撤销本身不能再撤销；要重做，请重新接收原文件。
        </span>
      </p>
    </>
  );
}

function Batch({ batch, step, same }: { batch: BatchSummary; step: BatchStep; same: string }) {
  const stepLabel = labels[step];
  return (
    <>
      <BatchHeader
        batch={batch}
        crumbs={[
          { label: "本月台账", path: "/ledger" },
          { label: monthName(batch.month), path: `/ledger?month=${batch.month}` },
          { label: ledgerKindLabels[batch.kind], path: `/ledger?month=${batch.month}&kind=${batch.kind}` },
          ...(stepLabel ? [{ label: stepLabel }] : []),
        ]}
      />
      <Steps label={`${batchTitle(batch)}的六个步骤`} steps={stepsOf(batch)} shown={step} />
      {same && canStillBeDiscarded(batch) ? <SameFile batchId={same} /> : null}
      {busyStates.has(batch.state) ? <Progress batch={batch} /> : null}
      {batch.state === "compared" ? null : <NothingLeftOff batchId={batch.batchId} />}
      <Content batch={batch} step={step} />
    </>
  );
}

function canStillBeDiscarded(batch: BatchSummary): boolean {
  return busyStates.has(batch.state) || nextState(batchFlow, batch.state, "discard") !== null;
}

/** The very same bytes have come before: said for as long as it matters, with the batch they became. */
function SameFile({ batchId }: { batchId: string }) {
  const before = useRoute(getBatch, { batchId });
  if (!before.data) return null;
  return (
    <p className={css["same"]}>
      <Icon name="file" />
      <span>
        这份文件以前收过，<Link to={`/ledger/${batchId}`}>看那一批</Link>
        {before.data.state === "applied"
          ? "。那一批已应用，再应用一次不会有任何改动；传重了就作废本批。"
          : `（${batchStateLabels[before.data.state]}）。两批只需办一批，另一批请作废。`}
      </span>
    </p>
  );
}

/** Once a batch is no longer compared, there is nothing to go on with on the workbench. */
function NothingLeftOff({ batchId }: { batchId: string }) {
  useLeaveMark(leaveMarkKey(batchId), null);
  return null;
}

function Content({ batch, step }: { batch: BatchSummary; step: BatchStep }) {
  if (batch.state === "refused") return <Refused batch={batch} />;
  if (batch.state === "discarded") {
    return (
      <Card>
        <EmptyState
          title="这一批已作废"
          hint="登记库没有因它改动。"
          action={<Link to={`/ledger/receive?kind=${batch.kind}&month=${batch.month}`}>重新接收</Link>}
        />
      </Card>
    );
  }
  switch (step) {
    case "receive":
      return null;
    case "mapping":
      return <MappingStep key={batch.state} batch={batch} />;
    case "check":
      return batch.state === "checking" ? null : <CheckStep batch={batch} />;
    case "compare":
      return batch.state === "comparing" ? null : <CompareStep batch={batch} />;
    case "apply":
    case "report":
      return <AppliedStep batch={batch} />;
  }
}

function Progress({ batch }: { batch: BatchSummary }) {
  const refresh = useRefresh();
  const ended = useCallback(() => void refresh(), [refresh]);
  if (!batch.taskId) return null;
  return (
    <div className={css["progress"]}>
      <Card>
        <TaskProgress taskId={batch.taskId} route={getTask} onEnd={ended} />
      </Card>
    </div>
  );
}

function Refused({ batch }: { batch: BatchSummary }) {
  return (
    <Card>
      <ProblemNotice
        title="这份文件无法读取"
        problem={new ProblemError(422, batch.problem ?? { code: "ledger.unreadable", message: "这份文件无法读取。" })}
      />
      <p style={{ padding: "0 14px 14px" }}>
        登记库没有改动。改好文件后<Link to={`/ledger/receive?kind=${batch.kind}&month=${batch.month}`}>重新接收</Link>。
      </p>
    </Card>
  );
}

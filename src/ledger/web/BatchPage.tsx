import { useCallback } from "react";
import {
  Answer,
  Card,
  EmptyState,
  Link,
  monthName,
  ProblemNotice,
  Steps,
  TaskProgress,
  useAddress,
  useLeaveMark,
  usePathPart,
  useRefresh,
  useRoute,
  ProblemError,
} from "../../ui/index.ts";
import { getBatch, getTask, ledgerKindLabels, type BatchSummary } from "../contract.ts";
import { AppliedStep } from "./AppliedStep.tsx";
import { BatchHeader } from "./BatchHeader.tsx";
import { CheckStep } from "./CheckStep.tsx";
import { CompareStep } from "./CompareStep.tsx";
import { MappingStep } from "./MappingStep.tsx";
import { batchSteps, currentStep, stepsOf, type BatchStep } from "./steps.ts";
import { batchTitle, busyStates, leaveMarkKey } from "./words.ts";

const BUSY_EVERY_MS = 2_000;
const labels: Partial<Record<BatchStep, string>> = { mapping: "列映射", check: "校验", compare: "比对", apply: "应用" };

/** One batch on its way through the six steps. The address names the step; without it, the one where the batch stands. */
export default function BatchPage() {
  const batchId = usePathPart("batchId");
  const [{ step }] = useAddress({ step: "" });
  const batch = useRoute(
    getBatch,
    { batchId },
    { every: (found) => (found && busyStates.has(found.state) ? BUSY_EVERY_MS : false) },
  );
  return (
    <Answer query={batch} lines={8}>
      {(found) => <Batch batch={found} step={batchSteps.find((one) => one === step) ?? currentStep(found)} />}
    </Answer>
  );
}

function Batch({ batch, step }: { batch: BatchSummary; step: BatchStep }) {
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
      {busyStates.has(batch.state) ? <Progress batch={batch} /> : null}
      {batch.state === "compared" ? null : <NothingLeftOff batchId={batch.batchId} />}
      <Content batch={batch} step={step} />
    </>
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
    <div style={{ marginBottom: 8 }}>
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

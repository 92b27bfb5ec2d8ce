import { Button } from "antd";
import { useState } from "react";
import {
  call,
  ConfirmAct,
  download,
  DownloadButton,
  ExportButton,
  May,
  PageHeader,
  useRefresh,
  type Crumb,
} from "../../ui/index.ts";
import { nextState } from "../../platform/contract.ts";
import {
  batchFlow,
  discardBatch,
  downloadMarked,
  exportDifferences,
  ledgerPermissions,
  type BatchSummary,
} from "../contract.ts";
import { Punctual } from "./Punctual.tsx";
import { batchTitle, sumOf } from "./words.ts";

/** Title, where it came from, whether it came in time; what can be taken out of it. */
export function BatchHeader({ batch, crumbs }: { batch: BatchSummary; crumbs: readonly Crumb[] }) {
  const compared = sumOf(batch.counts.differences) > 0;
  const marked = batch.counts.waiting + batch.counts.repaired + batch.counts.notices > 0;
  return (
    <PageHeader
      title={batchTitle(batch)}
      crumbs={crumbs}
      note={`${batch.sender}移交 · ${batch.fileName} · ${batch.receivedOn} ${batch.receivedBy}接收`}
      tags={<Punctual batch={batch} />}
      actions={
        <>
          {compared ? (
            <ExportButton
              route={exportDifferences}
              input={{ batchId: batch.batchId }}
              total={sumOf(batch.counts.differences)}
              asksPurpose
              label="导出差异表"
            />
          ) : null}
          {marked ? (
            <DownloadButton size="small" start={() => download(downloadMarked, { batchId: batch.batchId })}>
              下载标错原表
            </DownloadButton>
          ) : null}
          <May permission={ledgerPermissions.write}>
            <Discard batch={batch} />
          </May>
        </>
      }
    />
  );
}

function Discard({ batch }: { batch: BatchSummary }) {
  const [asking, setAsking] = useState(false);
  const refresh = useRefresh();
  if (nextState(batchFlow, batch.state, "discard") === null) return null;
  return (
    <>
      <Button size="small" onClick={() => setAsking(true)}>
        作废
      </Button>
      <ConfirmAct
        open={asking}
        onClose={() => setAsking(false)}
        title="作废这一批台账"
        changes={[{ count: batch.counts.rows, unit: "行", what: "不再比对和应用，登记库不变" }]}
        undo="作废后不能恢复，可重新上传同一文件。"
        confirm="作废本批"
        danger
        onConfirm={async () => {
          await call(discardBatch, { batchId: batch.batchId });
          await refresh();
        }}
      />
    </>
  );
}

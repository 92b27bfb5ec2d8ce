import { Button } from "antd";
import { useState } from "react";
import {
  Answer,
  call,
  Card,
  ConfirmAct,
  count,
  DataTable,
  EmptyState,
  Icon,
  Link,
  May,
  moment,
  Outcome,
  useGo,
  useRefresh,
  useRoute,
  useSession,
} from "../../ui/index.ts";
import { nextState, type OutputOf } from "../../platform/contract.ts";
import {
  batchFlow,
  differenceKindLabels,
  differenceKinds,
  ledgerPermissions,
  previewUndo,
  undoBatch,
  type BatchSummary,
} from "../contract.ts";
import { differenceColours, sumOf } from "./words.ts";
import css from "./AppliedStep.module.css";

/** 应用: ends with a sentence and a next step; and the way back. */
export function AppliedStep({ batch }: { batch: BatchSummary }) {
  const { businessDate } = useSession();
  const go = useGo();
  if (batch.state === "undone") {
    return (
      <Outcome
        kind="undone"
        sentence="这一批已整批撤销，登记库回到应用前。"
        note={
          <>
            每处变化都留痕。<Link to={`/ledger/${batch.batchId}?step=compare`}>看当时的差异</Link>
            {batch.undoneBy ? (
              <>
                ，<Link to={`/ledger/${batch.undoneBy}`}>看撤销记录</Link>
              </>
            ) : null}
            。
          </>
        }
      >
        <May permission={ledgerPermissions.write}>
          <Button type="primary" onClick={() => go(`/ledger/receive?kind=${batch.kind}&month=${batch.month}`)}>
            重新接收这个月的台账
          </Button>
        </May>
      </Outcome>
    );
  }
  if (batch.state !== "applied") return null;
  const { differences } = batch.counts;
  const vanished = differences.vanished ?? 0;
  const conflicting = differences.conflicting ?? 0;
  return (
    <>
      <Outcome
        kind="done"
        sentence={
          <>
            {batch.appliedAt ? `${moment(batch.appliedAt, businessDate)} ` : ""}
            {batch.appliedBy ?? ""}已应用：{count(batch.counts.valid)} 行进入登记库，{count(sumOf(differences))}{" "}
            处差异已按决定办理，{count(batch.counts.unchanged)} 行无变化。
          </>
        }
        note={
          batch.counts.waiting > 0 ? (
            <>
              还有 {count(batch.counts.waiting)} 行待修没有应用，
              <Link to={`/ledger/${batch.batchId}?step=check&severity=waiting`}>看是哪些</Link>。
            </>
          ) : (
            "没有待修的行。"
          )
        }
      >
        <May permission={ledgerPermissions.apply}>
          <Undo batch={batch} />
        </May>
      </Outcome>
      <div className={css["columns"]}>
        <Card title="办了什么" extra={<Link to={`/ledger/${batch.batchId}?step=compare`}>逐条看 ›</Link>}>
          <DataTable
            caption="各类差异的数量"
            density="short"
            narrow
            rows={differenceKinds.map((kind) => ({ kind, total: differences[kind] ?? 0 }))}
            rowKey={(row) => row.kind}
            columns={[
              {
                key: "kind",
                title: "类别",
                render: (row) => (
                  <span className={css["kind"]}>
                    <i style={{ background: differenceColours[row.kind] }} aria-hidden="true" />
                    {differenceKindLabels[row.kind]}
                  </span>
                ),
              },
              {
                key: "total",
                title: "处",
                align: "right",
                width: 90,
                render: (row) =>
                  row.total > 0 ? (
                    <Link to={`/ledger/${batch.batchId}?step=compare&kind=${row.kind}`}>{count(row.total)}</Link>
                  ) : (
                    "0"
                  ),
              },
            ]}
          />
        </Card>
        <Card title="接下来">
          <ul className={css["next"]}>
            {vanished > 0 ? (
              <li>
                <span>核实消失的 {count(vanished)} 人：还在岗、返乡还是失联</span>
                <Link to={`/persons?workStates=to-verify`}>看名单</Link>
              </li>
            ) : null}
            {conflicting > 0 ? (
              <li>
                <span>处理 {count(conflicting)} 件两源不符的比对任务</span>
                <Link to={`/comparisons?batchId=${batch.batchId}`}>去处理</Link>
              </li>
            ) : null}
            <li>
              <span>查人员与家庭，新值都带来源</span>
              <Link to="/persons">去查看</Link>
            </li>
          </ul>
        </Card>
      </div>
    </>
  );
}

function Undo({ batch }: { batch: BatchSummary }) {
  const [asking, setAsking] = useState(false);
  if (nextState(batchFlow, batch.state, "undo") === null) return null;
  return (
    <>
      <Button icon={<Icon name="undo" />} onClick={() => setAsking(true)}>
        撤销整批
      </Button>
      {asking ? <UndoDialog batch={batch} onClose={() => setAsking(false)} /> : null}
    </>
  );
}

/** Shows first what would come back and what stays because somebody touched it since. */
function UndoDialog({ batch, onClose }: { batch: BatchSummary; onClose: () => void }) {
  const preview = useRoute(previewUndo, { batchId: batch.batchId });
  const refresh = useRefresh();
  const numbers = preview.data;
  return (
    <ConfirmAct
      open
      onClose={onClose}
      title="撤销整批台账"
      changes={
        numbers
          ? [
              { count: numbers.restored, unit: "处", what: "恢复为应用前的值" },
              { count: numbers.removed, unit: "条", what: "本批新建的记录将移除" },
              { count: numbers.left, unit: "处", what: "后来别处改过，保留现值", tone: "soon" },
            ]
          : []
      }
      undo="撤销会另记一批，原批次和每处变化都留痕；撤销本身不能再撤销，可重新接收原文件。"
      confirm={numbers ? `撤销 ${count(numbers.restored + numbers.removed)} 处` : "撤销"}
      danger
      disabled={!numbers}
      onConfirm={async () => {
        await call(undoBatch, { batchId: batch.batchId });
        await refresh();
      }}
    >
      <Answer query={preview} lines={2}>
        {(found) => <LeftInPlace later={found.later} left={found.left} />}
      </Answer>
    </ConfirmAct>
  );
}

function LeftInPlace({ later, left }: { later: OutputOf<typeof previewUndo>["later"]; left: number }) {
  if (left === 0) return <p className={css["equal"]}>应用之后没有人改过这些值，撤销后与应用前逐项一致。</p>;
  return (
    <div className={css["later"]}>
      <DataTable
        caption="保留现值的项"
        density="short"
        rows={later}
        rowKey={(row) => `${row.personId} ${row.what}`}
        empty={<EmptyState title="明细在差异表中" />}
        columns={[
          {
            key: "name",
            title: "姓名",
            width: 90,
            render: (row) => <Link to={`/persons/${row.personId}`}>{row.name}</Link>,
          },
          { key: "what", title: "哪一项", render: (row) => row.what },
          { key: "by", title: "后来由谁改", width: 150, render: (row) => row.changedBy },
        ]}
      />
    </div>
  );
}

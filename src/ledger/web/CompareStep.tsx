import { Button, Input, Select, Tag } from "antd";
import { useState } from "react";
import {
  ActFooter,
  Answer,
  call,
  Card,
  ConfirmAct,
  count,
  EmptyState,
  Icon,
  Link,
  May,
  perTenThousand,
  ProblemNotice,
  useAct,
  useAddress,
  useGo,
  useLeaveMark,
  useMay,
  useRefresh,
  useRoute,
  writeAddress,
  type Change,
} from "../../ui/index.ts";
import { nextState, type OutputOf } from "../../platform/contract.ts";
import {
  applyBatch,
  approveVanished,
  batchFlow,
  countDifferences,
  differenceKindLabels,
  differenceKinds,
  getBatch,
  ledgerPermissions,
  listFaultCounts,
  previewApply,
  reasonCodes,
  reasonLabels,
  type BatchSummary,
} from "../contract.ts";
import { DecideAll, DifferenceTable, type DifferenceFilter } from "./DifferenceTable.tsx";
import { FaultTiles } from "./FaultTiles.tsx";
import { RegionTree } from "./RegionTree.tsx";
import { batchTitle, differenceColours, leaveMarkKey, sumOf } from "./words.ts";
import css from "./CompareStep.module.css";

/** 比对: what would change, by town and kind, cell by cell, with a decision each; below, in numbers, what applying will do. */
export function CompareStep({ batch }: { batch: BatchSummary }) {
  const faults = useRoute(listFaultCounts, { batchId: batch.batchId });
  const may = useMay(ledgerPermissions.write);
  const editable = may && batch.state === "compared";
  return (
    <>
      {faults.data && faults.data.length > 0 ? (
        <FaultTiles
          counts={faults.data}
          waitingRows={batch.counts.waiting}
          pathOf={(code, severity) => `/ledger/${batch.batchId}?step=check&severity=${severity}&code=${code}`}
          all={`/ledger/${batch.batchId}?step=check${batch.counts.waiting > 0 ? "&severity=waiting" : ""}`}
        />
      ) : null}
      {batch.vanishApproval === "not-needed" ? null : <VanishApproval batch={batch} />}
      {sumOf(batch.counts.differences) === 0 ? (
        <NothingNew batch={batch} />
      ) : (
        <Browser batch={batch} editable={editable} />
      )}
      {batch.state === "compared" ? <ApplyFooter batch={batch} /> : null}
    </>
  );
}

/** The table says what the registry already holds. */
function NothingNew({ batch }: { batch: BatchSummary }) {
  return (
    <Card>
      <EmptyState
        title="与登记库一致，没有新内容"
        hint={
          batch.counts.waiting > 0
            ? `${count(batch.counts.unchanged)} 行与登记库逐项相同；待修的 ${count(batch.counts.waiting)} 行修好后再比。`
            : `${count(batch.counts.unchanged)} 行与登记库逐项相同。`
        }
      />
    </Card>
  );
}

function Browser({ batch, editable }: { batch: BatchSummary; editable: boolean }) {
  const [address, setAddress] = useAddress({ region: "", kind: "", reason: "", name: "", page: "1" });
  const kind = differenceKinds.find((one) => one === address.kind);
  const reason = reasonCodes.find((one) => one === address.reason);
  const filter: DifferenceFilter = {
    ...(address.region ? { region: address.region } : {}),
    ...(kind ? { kind } : {}),
    ...(reason ? { reason } : {}),
    ...(address.name ? { name: address.name } : {}),
  };
  const all = useRoute(countDifferences, { batchId: batch.batchId });
  const here = useRoute(
    countDifferences,
    { batchId: batch.batchId, ...(address.region ? { under: address.region } : {}) },
    { keep: true },
  );
  const set = (change: Partial<typeof address>) => setAddress({ ...change, page: "1" });
  // Until the counts have come, those of the whole batch are known already.
  const kinds = here.data?.kinds ?? (address.region ? {} : batch.counts.differences);
  const total = sumOf(kinds);
  const filtered = Object.keys(filter).length > 0;
  const shownTotal = kind ? (kinds[kind] ?? 0) : total;
  const chosenName = address.region
    ? (all.data?.regions.find((region) => region.code === address.region)?.name ?? "所选村")
    : "";
  useLeaveMark(
    leaveMarkKey(batch.batchId),
    editable && all.data
      ? {
          title: `${batchTitle(batch)} 差异核对`,
          detail: `${chosenName || "全部"}${kind ? ` · ${differenceKindLabels[kind]}` : ""} ${count(shownTotal)} 处，第 ${address.page} 页`,
          path: `/ledger/${batch.batchId}${writeAddress({ step: "compare", region: address.region, kind: address.kind, reason: address.reason, page: address.page === "1" ? "" : address.page })}`,
        }
      : null,
  );
  return (
    <div className={css["browser"]}>
      <div className={css["tree"]}>
        <RegionTree
          batchId={batch.batchId}
          total={sumOf(batch.counts.differences)}
          chosen={address.region}
          onChoose={(region) => set({ region })}
        />
      </div>
      <div className={css["list"]}>
        <div className={css["tabs"]}>
          <fieldset className={css["kinds"]}>
            <legend className="sr-only">按类别筛选</legend>
            <button type="button" aria-pressed={!kind} onClick={() => set({ kind: "" })}>
              全部 <b>{count(total)}</b>
            </button>
            {differenceKinds.map((one) => (
              <button key={one} type="button" aria-pressed={kind === one} onClick={() => set({ kind: one })}>
                <i style={{ background: differenceColours[one] }} aria-hidden="true" />
                {differenceKindLabels[one]} <b>{count(kinds[one] ?? 0)}</b>
              </button>
            ))}
          </fieldset>
          <div className={css["tools"]}>
            {chosenName ? (
              <Tag closable color="blue" onClose={() => set({ region: "" })}>
                {chosenName}
              </Tag>
            ) : null}
            <Select
              size="small"
              variant="borderless"
              aria-label="原因码"
              popupMatchSelectWidth={false}
              value={reason ?? ""}
              options={[
                { value: "", label: "全部原因" },
                ...(here.data?.reasons ?? []).map((one) => ({
                  value: one.reason,
                  label: `${one.reason} ${reasonLabels[one.reason]}（${one.total}）`,
                })),
              ]}
              onChange={(value) => set({ reason: value })}
            />
            <NameFilter key={address.name} value={address.name} onChange={(name) => set({ name })} />
          </div>
        </div>
        {editable && filtered && !address.name && !reason && shownTotal > 0 && kind !== "conflicting" ? (
          <div className={css["bulk"]}>
            <DecideAll batch={batch} filter={filter} total={shownTotal} />
          </div>
        ) : null}
        <DifferenceTable key={JSON.stringify(filter)} batch={batch} filter={filter} editable={editable} />
      </div>
    </div>
  );
}

function NameFilter({ value, onChange }: { value: string; onChange: (name: string) => void }) {
  const [draft, setDraft] = useState(value);
  return (
    <Input
      size="small"
      allowClear
      aria-label="按姓名找"
      placeholder="姓名"
      value={draft}
      style={{ width: 92 }}
      onChange={(event) => {
        setDraft(event.target.value);
        if (event.target.value === "" && value !== "") onChange("");
      }}
      onPressEnter={() => onChange(draft.trim())}
    />
  );
}

/** Above 3 % vanished, a second officer looks at the villages before anything is applied. */
function VanishApproval({ batch }: { batch: BatchSummary }) {
  const regions = useRoute(countDifferences, { batchId: batch.batchId });
  const approve = useAct(approveVanished, { refreshes: [getBatch] });
  const vanished = batch.counts.differences.vanished ?? 0;
  if (batch.vanishApproval === "given")
    return <p className={css["approved"]}>消失 {count(vanished)} 人已由另一名经办人复核同意。</p>;
  const most = (regions.data?.regions ?? [])
    .filter((region) => (region.kinds.vanished ?? 0) > 0)
    .toSorted((a, b) => (b.kinds.vanished ?? 0) - (a.kinds.vanished ?? 0));
  return (
    <div className={css["approval"]} role="alert">
      <Icon name="warning" />
      <div>
        <b>
          消失 {count(vanished)} 人，占申报范围的 {perTenThousand(batch.counts.vanishedPerTenThousand)}，超过
          3%，须由另一名经办人复核
        </b>
        <p>
          可能漏报或少收了村。人数最多的：
          {most.slice(0, 5).map((region) => (
            <Link
              key={region.code}
              to={`/ledger/${batch.batchId}?step=compare&kind=vanished&region=${region.code}`}
              className={css["town"]}
            >
              {region.name} {count(region.kinds.vanished ?? 0)} 人
            </Link>
          ))}
        </p>
        {approve.error ? <ProblemNotice problem={approve.error} compact /> : null}
      </div>
      <May permission={ledgerPermissions.approve}>
        <Button size="small" loading={approve.isPending} onClick={() => approve.mutate({ batchId: batch.batchId })}>
          复核同意 {count(vanished)} 人待核实
        </Button>
      </May>
    </div>
  );
}

type Preview = OutputOf<typeof previewApply>;

/** What applying does, in the numbers of the preview. Conflicts change nothing. */
function changesOf(preview: Preview): Change[] {
  return [
    {
      count: preview.newRecords,
      unit: "条",
      what: preview.newPersons > 0 ? `新建务工记录，含新人 ${count(preview.newPersons)}` : "新建务工记录",
    },
    { count: preview.changedCells, unit: "项", what: `更新 ${count(preview.changedPersons)} 人的字段` },
    { count: preview.resumed, unit: "条", what: "恢复务工记录" },
    { count: preview.moved, unit: "人", what: "改所属村或就业地" },
    { count: preview.toVerify, unit: "人", what: "改“待核实”，派村核实", tone: "soon" },
    { count: preview.tasks, unit: "件", what: "冲突不动，转比对任务", tone: "late" },
  ];
}

function ApplyFooter({ batch }: { batch: BatchSummary }) {
  const preview = useRoute(previewApply, { batchId: batch.batchId }, { keep: true });
  const [asking, setAsking] = useState(false);
  const go = useGo();
  const refresh = useRefresh();
  const blocked = batch.vanishApproval === "needed";
  if (nextState(batchFlow, batch.state, "apply") === null) return null;
  const words = (numbers: Preview) =>
    numbers.places > 0 ? `应用 ${count(numbers.places)} 处` : `确认 ${count(numbers.unchanged)} 行无变化`;
  return (
    <Answer query={preview} lines={1}>
      {(numbers) => (
        <>
          <ActFooter
            title={numbers.places > 0 ? `应用将改动登记库（${count(numbers.places)} 处）` : "应用不会改动登记库"}
            note={
              <>
                {numbers.places > 0 ? "其余 " : ""}
                {count(numbers.unchanged)} 行无变化{numbers.left > 0 ? `，暂不处理 ${count(numbers.left)} 处` : ""}
                ；务工规模 {count(numbers.workingBefore)} → <b>{count(numbers.workingAfter)} 人</b>
              </>
            }
            changes={changesOf(numbers)}
            undo={
              blocked ? (
                <span className="tone-late">等另一名经办人复核消失人员</span>
              ) : (
                <>
                  <Icon name="undo" /> 关账前可整批撤销
                  <br />
                  撤销后与应用前逐项一致
                </>
              )
            }
          >
            <May
              permission={ledgerPermissions.apply}
              otherwise={<span className="caption">应用须由有权限的经办人办理</span>}
            >
              <Button type="primary" size="large" disabled={blocked} onClick={() => setAsking(true)}>
                {words(numbers)}
              </Button>
            </May>
          </ActFooter>
          <ConfirmAct
            open={asking}
            onClose={() => setAsking(false)}
            title={numbers.places > 0 ? `应用 ${count(numbers.places)} 处到登记库` : "把这份台账记为已办，登记库不变"}
            changes={changesOf(numbers)}
            undo="关账前可整批撤销，撤销后与应用前逐项一致；应用后别处又改过的项除外，会逐项列出。"
            confirm={words(numbers)}
            onConfirm={async () => {
              await call(applyBatch, { batchId: batch.batchId });
              // First the address, then the figures: the page of the applied batch may be there before the last of them
              // has come, and who has gone on from it by then must not be fetched back.
              go(`/ledger/${batch.batchId}`);
              await refresh();
            }}
          >
            {batch.counts.waiting > 0 ? (
              <p className={css["note"]}>{count(batch.counts.waiting)} 行待修的不在其中，修好后可以再应用。</p>
            ) : null}
          </ConfirmAct>
        </>
      )}
    </Answer>
  );
}

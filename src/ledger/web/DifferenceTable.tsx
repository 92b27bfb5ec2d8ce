import { Button, Checkbox, Pagination } from "antd";
import { useState } from "react";
import { count, EmptyState, Icon, Link, Loading, ProblemNotice, useAct, useAddress, useRoute } from "../../ui/index.ts";
import {
  decideDifferences,
  decisionLabels,
  differenceKindLabels,
  listDifferences,
  previewApply,
  reasonLabels,
  type BatchSummary,
  type Decision,
  type DifferenceKind,
  type DifferenceRow,
  type ReasonCode,
} from "../contract.ts";
import { differenceColours } from "./words.ts";
import css from "./DifferenceTable.module.css";

export interface DifferenceFilter {
  readonly region?: string;
  readonly kind?: DifferenceKind;
  readonly reason?: ReasonCode;
  readonly name?: string;
}

const PAGE_SIZE = 50;

/** Rows of differences, cell by cell: what the registry holds → what the ledger claims. The check box is the decision. */
export function DifferenceTable({
  batch,
  filter,
  editable,
}: {
  batch: BatchSummary;
  filter: DifferenceFilter;
  editable: boolean;
}) {
  const [{ page }, setAddress] = useAddress({ page: "1" });
  const at = Math.max(1, Number(page) || 1);
  const answer = useRoute(
    listDifferences,
    { batchId: batch.batchId, page: at, size: PAGE_SIZE, ...filter },
    { keep: true },
  );
  const { decided, decide, problem } = useDecisions(batch.batchId);
  if (answer.error && !answer.data) return <ProblemNotice problem={answer.error} retry={() => void answer.refetch()} />;
  if (!answer.data) return <Loading lines={10} />;
  const { rows, total } = answer.data;
  const decisionOf = (row: DifferenceRow) => decided.get(row.differenceId) ?? row.decision;
  const open = rows.filter((row) => row.decision !== "task");
  const adopted = open.filter((row) => decisionOf(row) === "adopt").length;
  return (
    <>
      {problem ? <ProblemNotice problem={problem} /> : null}
      <table
        className={`${css["table"]} ${answer.isPlaceholderData ? css["stale"] : ""}`}
        aria-busy={answer.isPlaceholderData}
      >
        <caption className="sr-only">差异：登记库现值与台账新值</caption>
        <thead>
          <tr>
            {editable ? (
              <th scope="col" className={css["choose"]}>
                <Checkbox
                  aria-label="本页全部采纳"
                  checked={open.length > 0 && adopted === open.length}
                  indeterminate={adopted > 0 && adopted < open.length}
                  disabled={open.length === 0}
                  onChange={(event) =>
                    decide(
                      open.map((row) => row.differenceId),
                      event.target.checked ? "adopt" : "leave",
                    )
                  }
                />
              </th>
            ) : null}
            <th scope="col" className={css["kind"]}>
              类别
            </th>
            <th scope="col" className={css["person"]}>
              姓名、身份证号
            </th>
            <th scope="col" className={css["village"]}>
              村
            </th>
            <th scope="col">登记库现值 → 台账新值</th>
            <th scope="col" className={css["reason"]}>
              原因码
            </th>
            <th scope="col" className={css["decision"]}>
              处理
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row
              key={row.differenceId}
              row={row}
              decision={decisionOf(row)}
              editable={editable}
              onDecide={(decision) => decide([row.differenceId], decision)}
            />
          ))}
        </tbody>
      </table>
      {rows.length === 0 ? <EmptyState title="没有符合条件的差异" hint="换一个乡镇、类别或原因再看。" /> : null}
      {total > PAGE_SIZE ? (
        <div className={css["foot"]}>
          <span className="caption">共 {count(total)} 处</span>
          <Pagination
            size="small"
            current={at}
            pageSize={PAGE_SIZE}
            total={total}
            showSizeChanger={false}
            showLessItems
            showQuickJumper={total > 500}
            onChange={(next) => setAddress({ page: String(next) })}
          />
        </div>
      ) : null}
    </>
  );
}

/** Decides by row; the box answers at once and the server's answer replaces it. */
function useDecisions(batchId: string) {
  const [decided, setDecided] = useState<ReadonlyMap<number, Decision>>(new Map());
  const act = useAct(decideDifferences, { refreshes: [listDifferences, previewApply] });
  const decide = (ids: readonly number[], decision: "adopt" | "leave") => {
    setDecided((before) => {
      const next = new Map(before);
      for (const id of ids) next.set(id, decision);
      return next;
    });
    act.mutate(
      { batchId, differenceIds: [...ids], decision },
      {
        onError: () =>
          setDecided((before) => {
            const next = new Map(before);
            for (const id of ids) next.delete(id);
            return next;
          }),
      },
    );
  };
  return { decided, decide, problem: act.error };
}

function Row({
  row,
  decision,
  editable,
  onDecide,
}: {
  row: DifferenceRow;
  decision: Decision;
  editable: boolean;
  onDecide: (decision: "adopt" | "leave") => void;
}) {
  return (
    <tr className={decision === "adopt" ? css["adopted"] : ""}>
      {editable ? (
        <td className={css["choose"]}>
          <Checkbox
            aria-label={`采纳${row.name}的${differenceKindLabels[row.kind]}`}
            checked={decision === "adopt"}
            disabled={row.decision === "task"}
            onChange={(event) => onDecide(event.target.checked ? "adopt" : "leave")}
          />
        </td>
      ) : null}
      <td>
        <span className={css["mark"]}>
          <i style={{ background: differenceColours[row.kind] }} aria-hidden="true" />
          {differenceKindLabels[row.kind]}
        </span>
      </td>
      <td>
        {row.newPerson && !row.applied ? (
          <b>{row.name}</b>
        ) : (
          <Link to={`/persons/${row.personId}`} className={css["name"]}>
            {row.name}
          </Link>
        )}{" "}
        <span className="caption">{row.identityMask}</span>
      </td>
      <td title={row.village}>{row.village}</td>
      <td>
        <dl className={css["cells"]}>
          {row.cells.map((cell) => (
            <div key={cell.field} className={css["cell"]}>
              <dt title={cell.label}>{cell.label}</dt>
              <dd className={css["held"]} title={cell.heldSource ? `来源：${cell.heldSource}` : undefined}>
                <span className="sr-only">现值</span>
                {cell.held ?? "无"}
              </dd>
              <span className={css["arrow"]} aria-hidden="true">
                <Icon name="arrow" size={14} />
              </span>
              <dd className={cell.act === "adopt" ? css["claimed"] : css["told"]}>
                <span className="sr-only">新值</span>
                {cell.claimed ?? "无"}
                {cell.act === "task" ? <span className={css["toTask"]}>转任务</span> : null}
              </dd>
            </div>
          ))}
        </dl>
      </td>
      <td className={css["noWrap"]}>
        <span className="mono">{row.reason}</span> {reasonLabels[row.reason]}
      </td>
      <td className={`${css["noWrap"]} ${toneOf(row, decision)}`}>{wordsOf(row, decision)}</td>
    </tr>
  );
}

function toneOf(row: DifferenceRow, decision: Decision): string {
  if (decision === "task") return "tone-late";
  return decision === "adopt" && row.kind === "vanished" ? "tone-soon" : "secondary";
}

function wordsOf(row: DifferenceRow, decision: Decision): string {
  if (decision !== "adopt") return decisionLabels[decision];
  const done = row.applied ? "已" : "";
  if (row.kind === "vanished") return row.applied ? "已列待核实" : "待核实，派村";
  const adopted = row.cells.filter((cell) => cell.act === "adopt").length;
  return row.kind === "changed" ? `${done}采纳 ${adopted} 项` : `${done}采纳`;
}

/** Decides everything the filter matches, not only this page. */
export function DecideAll({ batch, filter, total }: { batch: BatchSummary; filter: DifferenceFilter; total: number }) {
  const act = useAct(decideDifferences, { refreshes: [listDifferences, previewApply] });
  const decide = (decision: "adopt" | "leave") => act.mutate({ batchId: batch.batchId, filter, decision });
  return (
    <span className={css["all"]}>
      这 {count(total)} 处
      <Button type="link" size="small" loading={act.isPending} onClick={() => decide("adopt")}>
        全部采纳
      </Button>
      <Button type="link" size="small" disabled={act.isPending} onClick={() => decide("leave")}>
        全部暂不
      </Button>
    </span>
  );
}

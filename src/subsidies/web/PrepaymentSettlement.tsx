import { Input } from "antd";
import { useState } from "react";
import {
  ConfirmAct,
  Loading,
  MoneyText,
  ProblemNotice,
  call,
  useRefresh,
  useRoute,
  useToast,
  yuan,
} from "../../ui/index.ts";
import { correctPrepayment, previewSettlement, settlePrepayment, type PrepaymentRow } from "../contract.ts";
import css from "./subsidies.module.css";

/** What was prepaid against what screening has found. */
export function Settlement({ row, onClose }: { row: PrepaymentRow; onClose: () => void }) {
  const preview = useRoute(previewSettlement, { prepaymentId: row.prepaymentId });
  const [note, setNote] = useState("");
  const toast = useToast();
  const refresh = useRefresh();
  const shown = preview.data;
  return (
    <ConfirmAct
      open
      title="结算预付"
      changes={[{ count: shown?.items ?? 0, unit: "项", what: "筛查核实的事项并入这笔预付，不再另行立件" }]}
      undo="结算后不能撤回；补付的按补贴件办理，应退的转追回。"
      confirm="结算"
      disabled={!shown}
      onClose={onClose}
      onConfirm={async () => {
        const done = await call(settlePrepayment, {
          prepaymentId: row.prepaymentId,
          actualFen: shown!.actualFen,
          note: note.trim(),
        });
        toast.done(
          done.owedFen > 0
            ? `已结算，应退 ${yuan(done.owedFen)} 元。`
            : done.balanceFen > 0
              ? `已结算，补付 ${yuan(done.balanceFen)} 元的补贴件已生成。`
              : "已结算，不补不退。",
        );
        await refresh();
      }}
    >
      {preview.error ? <ProblemNotice problem={preview.error} compact /> : null}
      {shown ? (
        <dl className={css["facts"]}>
          <dt>预付</dt>
          <dd>
            <MoneyText fen={row.amountFen} />
          </dd>
          <dt>核实</dt>
          <dd>
            {shown.items} 项，
            <MoneyText fen={shown.actualFen} />
          </dd>
          <dt>{shown.owedFen > 0 ? "应退" : "补付"}</dt>
          <dd>
            <b>
              <MoneyText fen={shown.owedFen || shown.balanceFen} />
            </b>
          </dd>
        </dl>
      ) : preview.error ? null : (
        <Loading lines={3} />
      )}
      <Input
        className={css["field"] ?? ""}
        aria-label="说明"
        placeholder="说明（可不填）"
        maxLength={300}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </ConfirmAct>
  );
}

/** What screening found since a settlement takes off what is owed back. */
export function Correction({ row, onClose }: { row: PrepaymentRow; onClose: () => void }) {
  const preview = useRoute(previewSettlement, { prepaymentId: row.prepaymentId });
  const [note, setNote] = useState("");
  const toast = useToast();
  const refresh = useRefresh();
  const shown = preview.data;
  return (
    <ConfirmAct
      open
      title="更正结算"
      changes={[{ count: shown?.items ?? 0, unit: "项", what: "结算后又核实的事项并入这笔预付，先抵应退的" }]}
      undo="更正后不能撤回；应退已缴回、不用再退的，补付给收款人。"
      confirm="更正结算"
      disabled={!shown || shown.items === 0 || note.trim().length < 2}
      onClose={onClose}
      onConfirm={async () => {
        const done = await call(correctPrepayment, {
          prepaymentId: row.prepaymentId,
          actualFen: shown!.actualFen,
          note: note.trim(),
        });
        toast.done(
          done.balanceFen > 0
            ? `已更正，补付 ${yuan(done.balanceFen)} 元的补贴件已生成。`
            : `已更正，应退改为 ${yuan(done.owedFen)} 元。`,
        );
        await refresh();
      }}
    >
      {preview.error ? <ProblemNotice problem={preview.error} compact /> : null}
      {shown ? (
        shown.items === 0 ? (
          <p>结算（{row.settledOn}）后没有再核实到这个对象的事项，不用更正。</p>
        ) : (
          <dl className={css["facts"]}>
            <dt>预付</dt>
            <dd>
              <MoneyText fen={row.amountFen} />
            </dd>
            <dt>核实</dt>
            <dd>
              <MoneyText fen={row.actualFen ?? 0} /> → <MoneyText fen={shown.actualFen} />
            </dd>
            <dt>应退</dt>
            <dd>
              <MoneyText fen={row.owedFen} /> → <MoneyText fen={shown.owedFen} />
            </dd>
            {shown.balanceFen > 0 ? (
              <>
                <dt>补付</dt>
                <dd>
                  <b>
                    <MoneyText fen={shown.balanceFen} />
                  </b>
                </dd>
              </>
            ) : null}
          </dl>
        )
      ) : preview.error ? null : (
        <Loading lines={3} />
      )}
      <Input
        className={css["field"] ?? ""}
        aria-label="为什么更正"
        placeholder="为什么更正，如：补录了结算前的务工记录"
        maxLength={300}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </ConfirmAct>
  );
}

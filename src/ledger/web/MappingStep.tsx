import { Button } from "antd";
import { useState } from "react";
import {
  ActFooter,
  Answer,
  ColumnMapping,
  confirmedSheets,
  count,
  dayOf,
  groupSheets,
  initialChoice,
  missingFields,
  ProblemNotice,
  useAct,
  useMay,
  useRoute,
  type GroupChoice,
  type SheetGroup,
} from "../../ui/index.ts";
import { nextState, type OutputOf } from "../../platform/contract.ts";
import {
  batchFlow,
  confirmMapping,
  getBatch,
  getMapping,
  ledgerFieldLabels,
  ledgerPermissions,
  type BatchSummary,
  type LedgerField,
} from "../contract.ts";
import css from "./MappingStep.module.css";

/** 列映射: the file's columns beside our fields, with what stands in them; what is required and missing stands in red. */
export function MappingStep({ batch }: { batch: BatchSummary }) {
  const mapping = useRoute(getMapping, { batchId: batch.batchId });
  return (
    <Answer query={mapping} lines={10}>
      {(found) => <Mapping batch={batch} mapping={found} />}
    </Answer>
  );
}

function Mapping({ batch, mapping }: { batch: BatchSummary; mapping: OutputOf<typeof getMapping> }) {
  const may = useMay(ledgerPermissions.write);
  const editable = may && nextState(batchFlow, batch.state, "map") !== null;
  const groups = groupSheets(mapping.sheets);
  const [choices, setChoices] = useState<ReadonlyMap<string, GroupChoice<LedgerField>>>(new Map());
  const fields = mapping.fields.map((one) => ({ ...one, label: ledgerFieldLabels[one.field] }));
  const required = fields.filter((field) => field.required).map((field) => field.field);
  const choiceOf = (group: SheetGroup<LedgerField>) => choices.get(group.key) ?? initialChoice(group);
  const used = groups.filter((group) => choiceOf(group).used);
  const missing = used.flatMap((group) => missingFields(choiceOf(group), required));
  const columns = used.reduce(
    (sum, group) => sum + Object.values(choiceOf(group).fields).filter((field) => field !== null).length,
    0,
  );
  const sheets = used.reduce((sum, group) => sum + group.sheets.length, 0);
  const confirm = useAct(confirmMapping, { refreshes: [getBatch, getMapping] });
  const change = (group: SheetGroup<LedgerField>, choice: GroupChoice<LedgerField>) =>
    setChoices(new Map(choices).set(group.key, choice));

  return (
    <>
      <div className={css["groups"]}>
        {mapping.remembered ? (
          <p className={css["remembered"]}>
            列名与 {dayOf(mapping.remembered.usedAt)} 用过的一样，已沿用那次的对应，核对一眼即可。
          </p>
        ) : null}
        {groups.map((group) => (
          <ColumnMapping
            key={group.key}
            group={group}
            choice={choiceOf(group)}
            fields={fields}
            editable={editable}
            noun="登记项"
            onChange={(choice) => change(group, choice)}
          />
        ))}
      </div>
      {confirm.error ? <ProblemNotice problem={confirm.error} /> : null}
      {editable ? (
        <ActFooter
          title={`将读取 ${count(sheets)} 张表、${count(columns)} 列`}
          note={
            batch.state === "compared"
              ? "改动列对应后，会重新校验和比对；已做的决定要重做。"
              : "确认后开始逐行校验；登记库不会改动。"
          }
          changes={[]}
          undo="校验后还可以回来改"
        >
          <Button
            type="primary"
            size="large"
            disabled={missing.length > 0 || sheets === 0}
            loading={confirm.isPending}
            onClick={() => confirm.mutate({ batchId: batch.batchId, sheets: confirmedSheets(groups, choices) })}
          >
            {missing.length > 0
              ? `还缺 ${[...new Set(missing)].map((field) => ledgerFieldLabels[field]).join("、")}`
              : `确认 ${count(columns)} 列，开始校验`}
          </Button>
        </ActFooter>
      ) : null}
    </>
  );
}

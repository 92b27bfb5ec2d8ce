import { Button } from "antd";
import { useState } from "react";
import {
  ActFooter,
  ColumnMapping,
  confirmedSheets,
  count,
  groupSheets,
  initialChoice,
  missingFields,
  ProblemNotice,
  useAct,
  useRefresh,
  type GroupChoice,
  type SheetGroup,
} from "../../ui/index.ts";
import { mapImport, type ImportDetail } from "../contract.ts";
import css from "./Import.module.css";

/** 改列对应: the officer says which column is which; the table is then compared anew, and the register stays as it is. */
export function Remap({ found, onDone }: { found: ImportDetail; onDone: () => void }) {
  const refresh = useRefresh();
  const filled = found.sheets.filter(({ columns }) => columns.length > 0);
  // Where nothing was recognised, what the officer has come to explain is laid open.
  const none = filled.every(({ used }) => !used);
  const groups = groupSheets(filled.map((sheet) => (none ? { ...sheet, used: true } : sheet)));
  const [choices, setChoices] = useState<ReadonlyMap<string, GroupChoice<string>>>(new Map());
  const choiceOf = (group: SheetGroup<string>) => choices.get(group.key) ?? initialChoice(group);
  const used = groups.filter((group) => choiceOf(group).used);
  const required = found.fields.filter((one) => one.required).map(({ field }) => field);
  const labels = new Map(found.fields.map(({ field, label }) => [field, label]));
  const missing = [...new Set(used.flatMap((group) => missingFields(choiceOf(group), required)))];
  const columns = used.reduce(
    (sum, group) => sum + Object.values(choiceOf(group).fields).filter((field) => field !== null).length,
    0,
  );
  const map = useAct(mapImport, {
    onDone: () => {
      onDone();
      void refresh();
    },
  });
  return (
    <div className={css["stack"]}>
      {groups.map((group) => (
        <ColumnMapping
          key={group.key}
          group={group}
          choice={choiceOf(group)}
          fields={found.fields}
          editable
          noun="栏目"
          onChange={(choice) => setChoices(new Map(choices).set(group.key, choice))}
        />
      ))}
      {map.error ? <ProblemNotice problem={map.error} /> : null}
      <ActFooter
        title={`将按 ${count(columns)} 列重新核对`}
        note="登记簿不会改动；核对后再决定是否导入。"
        changes={[]}
        undo="核对后还可以再改"
      >
        <span className={css["buttons"]}>
          <Button size="large" onClick={onDone}>
            不改了
          </Button>
          <Button
            type="primary"
            size="large"
            loading={map.isPending}
            disabled={used.length === 0 || missing.length > 0}
            onClick={() => map.mutate({ importId: found.importId, sheets: confirmedSheets(groups, choices) })}
          >
            {missing.length > 0 ? `还缺 ${missing.map((field) => labels.get(field)).join("、")}` : "重新核对"}
          </Button>
        </span>
      </ActFooter>
    </div>
  );
}

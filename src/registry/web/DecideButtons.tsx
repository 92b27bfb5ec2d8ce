import { Button, Input } from "antd";
import { useState } from "react";
import { call, ConfirmAct, DateField, May, useRefresh, useToast } from "../../ui/index.ts";
import { comparisonActLabels, decideComparisons, registryPermissions, type ComparisonRow } from "../contract.ts";

const NOTE_LEAST = 2;

/** 保留原值 / 采纳新值 for one or many tasks, with the ground on which it is decided. */
export function DecideButtons({ tasks, onDone }: { tasks: readonly ComparisonRow[]; onDone?: () => void }) {
  const [act, setAct] = useState<"keep" | "adopt" | null>(null);
  const [note, setNote] = useState("");
  const refresh = useRefresh();
  const toast = useToast();
  const [endDate, setEndDate] = useState("");
  const persons = new Set(tasks.map((task) => task.personId)).size;
  const words = actWords(tasks);
  const asksDate = act === "adopt" && tasks.some((task) => task.needs === "end-date");
  return (
    <May permission={registryPermissions.compare}>
      <Button size="small" disabled={tasks.length === 0} onClick={() => setAct("keep")}>
        {words.keep}
      </Button>{" "}
      <Button
        size="small"
        disabled={tasks.length === 0 || tasks.some((task) => task.needs === "cannot-adopt")}
        onClick={() => setAct("adopt")}
      >
        {words.adopt}
      </Button>
      {act === null ? null : (
        <ConfirmAct
          open
          title={words[act]}
          changes={[
            {
              count: tasks.length,
              unit: "项",
              what: asksDate
                ? "登记务工结束日期，来源记为经办录入"
                : act === "adopt"
                  ? "登记库改为新值，来源记为提出方"
                  : "任务办结，登记的值不变",
            },
            { count: persons, unit: "人", what: "涉及" },
          ]}
          undo={act === "adopt" ? "改动前后的值记入变更记录，可再次修改。" : "办结后同一来源再报不同值，会产生新任务。"}
          confirm={`${words[act]} ${tasks.length} 项`}
          disabled={note.trim().length < NOTE_LEAST || (asksDate && endDate === "")}
          onClose={() => setAct(null)}
          onConfirm={async () => {
            const { decided } = await call(decideComparisons, {
              comparisonIds: tasks.map((task) => task.comparisonId),
              act,
              note: note.trim(),
              ...(asksDate ? { endDate } : {}),
            });
            toast.done(`已办结 ${decided} 项比对任务。`);
            setAct(null);
            onDone?.();
            await refresh();
          }}
        >
          {asksDate ? (
            <p>
              核实到的务工结束日期{"　"}
              <DateField label="务工结束日期" value={endDate} onChange={setEndDate} />
            </p>
          ) : null}
          <Input
            aria-label="处理依据"
            placeholder="处理依据，如：电话核实、查看工资流水"
            maxLength={200}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </ConfirmAct>
      )}
    </May>
  );
}

/** In the words of the question: of somebody no longer reported one asks whether he is still at work. */
function actWords(tasks: readonly ComparisonRow[]): Record<"keep" | "adopt", string> {
  const aboutWork = tasks.length > 0 && tasks.every((task) => task.needs === "end-date");
  return aboutWork
    ? { keep: "仍在务工", adopt: "已不在务工" }
    : { keep: comparisonActLabels.keep, adopt: comparisonActLabels.adopt };
}

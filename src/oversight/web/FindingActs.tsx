import { Button, Input, Radio } from "antd";
import { useState } from "react";
import { call, ConfirmAct, useMay, useRefresh, useToast } from "../../ui/index.ts";
import {
  closeFinding,
  decideFinding,
  decisionLabels,
  decisions,
  findingActLabels,
  hearFinding,
  noteFinding,
  oversightPermissions,
  reopenFinding,
  type Decision,
  type FindingView,
} from "../contract.ts";
import { GiveButtons } from "./GiveButtons.tsx";
import css from "./oversight.module.css";

type Written = "note" | "hear" | "decide" | "close" | "reopen";
const NOTE_LEAST = 2;

const words: Record<Written, { what: string; asks: string; undo: string }> = {
  note: { what: "记入核查经过", asks: "核查情况，如：查看工资流水、到岗位查看", undo: "记录不能改动，可以再记。" },
  hear: { what: "记入对方的说明", asks: "对方的说明，照原话记", undo: "记录不能改动，可以再次听取。" },
  decide: { what: "作出认定", asks: "认定的事实和依据", undo: "办结前后都可以重新核查。" },
  close: { what: "办结", asks: "处理结果，如：已停发并追回 1 个月、已退出岗位", undo: "可以重新核查。" },
  reopen: { what: "退回核查，原认定撤销", asks: "重新核查的理由", undo: "原认定留在经过里。" },
};

/** What may be done with a finding now, by whoever may do it. */
export function FindingActs({ finding }: { finding: FindingView }) {
  const [act, setAct] = useState<Written | null>(null);
  const may = {
    assign: useMay(oversightPermissions.assign),
    handle: useMay(oversightPermissions.handle),
    decide: useMay(oversightPermissions.decide),
  };
  const offered: readonly (readonly [Written, boolean])[] = [
    ["hear", may.handle],
    ["note", may.handle],
    ["decide", may.decide],
    ["close", may.decide],
    ["reopen", may.decide],
  ];
  const shown = offered.filter(([one, allowed]) => allowed && finding.acts.includes(one)).map(([one]) => one);
  const main: Written | undefined = (["close", "decide", "hear"] as const).find((one) => shown.includes(one));
  return (
    <div className={css["acts"]}>
      {shown.map((one) => (
        <Button key={one} type={one === main ? "primary" : "default"} onClick={() => setAct(one)}>
          {findingActLabels[one]}
        </Button>
      ))}
      {may.assign && finding.acts.includes("assign") ? <GiveButtons findings={[finding]} size="middle" /> : null}
      {act ? <ActDialog key={act} act={act} finding={finding} onClose={() => setAct(null)} /> : null}
    </div>
  );
}

function ActDialog({ act, finding, onClose }: { act: Written; finding: FindingView; onClose: () => void }) {
  const [text, setText] = useState("");
  const [party, setParty] = useState(finding.hear[0] ?? "");
  const [decision, setDecision] = useState<Decision>();
  const refresh = useRefresh();
  const toast = useToast();
  const { findingId, lock } = finding;
  const run = async () => {
    const said = text.trim();
    const one = { findingId, lock };
    if (act === "note") await call(noteFinding, { ...one, note: said });
    else if (act === "hear") await call(hearFinding, { ...one, party: party.trim(), statement: said });
    else if (act === "decide") await call(decideFinding, { ...one, decision: decision!, reason: said });
    else if (act === "close") await call(closeFinding, { ...one, result: said });
    else await call(reopenFinding, { ...one, reason: said });
    toast.done(`已${findingActLabels[act]}。`);
    await refresh();
  };
  return (
    <ConfirmAct
      open
      title={findingActLabels[act]}
      changes={[{ count: 1, unit: "件", what: words[act].what }]}
      undo={words[act].undo}
      confirm={findingActLabels[act]}
      disabled={
        text.trim().length < NOTE_LEAST ||
        (act === "hear" && party.trim() === "") ||
        (act === "decide" && decision === undefined)
      }
      onClose={onClose}
      onConfirm={run}
    >
      {act === "hear" ? (
        <Input
          className={css["field"] ?? ""}
          aria-label="听取谁的意见"
          placeholder={finding.hear.length > 0 ? `听取谁的意见：${finding.hear.join("、")}` : "听取谁的意见"}
          maxLength={60}
          value={party}
          onChange={(event) => setParty(event.target.value)}
        />
      ) : null}
      {act === "decide" ? (
        <Radio.Group
          className={css["field"] ?? ""}
          aria-label="认定"
          value={decision}
          onChange={(event) => setDecision(event.target.value as Decision)}
          options={decisions.map((value) => ({ value, label: decisionLabels[value] }))}
        />
      ) : null}
      <Input.TextArea
        className={css["field"] ?? ""}
        aria-label={words[act].asks}
        placeholder={words[act].asks}
        maxLength={1000}
        autoSize={{ minRows: 3, maxRows: 8 }}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </ConfirmAct>
  );
}

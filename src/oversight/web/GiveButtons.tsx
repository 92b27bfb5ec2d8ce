import { Button, Input, Select } from "antd";
import { useState } from "react";
import { call, ConfirmAct, ProblemNotice, useRefresh, useRoute, useToast } from "../../ui/index.ts";
import { assignFindings, listHandlers, transferFindings, type FindingRow } from "../contract.ts";
import css from "./oversight.module.css";

const NOTE_LEAST = 2;

/** 分派 to an officer, 移送 to another office: of one finding or of many at once. */
export function GiveButtons({
  findings,
  onDone,
  size = "small",
}: {
  findings: readonly Pick<FindingRow, "findingId">[];
  onDone?: () => void;
  size?: "small" | "middle";
}) {
  const [act, setAct] = useState<"assign" | "transfer" | null>(null);
  const n = findings.length;
  return (
    <>
      <Button size={size} disabled={n === 0} onClick={() => setAct("assign")}>
        分派{size === "small" && n > 0 ? ` ${n} 件` : ""}
      </Button>
      <Button size={size} disabled={n === 0} onClick={() => setAct("transfer")}>
        移送{size === "small" && n > 0 ? ` ${n} 件` : ""}
      </Button>
      {act ? (
        <GiveDialog
          act={act}
          findingIds={findings.map(({ findingId }) => findingId)}
          onClose={() => setAct(null)}
          onDone={() => onDone?.()}
        />
      ) : null}
    </>
  );
}

function GiveDialog({
  act,
  findingIds,
  onClose,
  onDone,
}: {
  act: "assign" | "transfer";
  findingIds: string[];
  onClose: () => void;
  onDone: () => void;
}) {
  const handlers = useRoute(listHandlers, {});
  const [to, setTo] = useState<string>();
  const [note, setNote] = useState("");
  const refresh = useRefresh();
  const toast = useToast();
  const assigns = act === "assign";
  const options = assigns
    ? (handlers.data?.officers ?? []).map(({ officerId, name, organisation }) => ({
        value: officerId,
        label: `${name}（${organisation}）`,
      }))
    : (handlers.data?.organisations ?? []).map(({ organisationId, name }) => ({ value: organisationId, label: name }));
  const n = findingIds.length;
  return (
    <ConfirmAct
      open
      title={assigns ? "分派疑点" : "移送疑点"}
      changes={[{ count: n, unit: "件", what: assigns ? "交承办人核查" : "移送另一单位，由其再分派" }]}
      undo={assigns ? "可以再分派给别人，记录都保留。" : "移送后承办人清空，可以再移送，记录都保留。"}
      confirm={`${assigns ? "分派" : "移送"} ${n} 件`}
      disabled={to === undefined || (!assigns && note.trim().length < NOTE_LEAST)}
      onClose={onClose}
      onConfirm={async () => {
        const { done } = assigns
          ? await call(assignFindings, { findingIds, officerId: to!, note: note.trim() })
          : await call(transferFindings, { findingIds, organisationId: to!, note: note.trim() });
        toast.done(assigns ? `已分派 ${done} 件。` : `已移送 ${done} 件。`);
        onDone();
        await refresh();
      }}
    >
      {handlers.error ? <ProblemNotice problem={handlers.error} compact /> : null}
      <Select
        className={css["field"] ?? ""}
        aria-label={assigns ? "承办人" : "移送单位"}
        placeholder={assigns ? "选择承办人" : "选择移送单位"}
        showSearch={{ optionFilterProp: "label" }}
        loading={handlers.isPending}
        options={options}
        value={to}
        onChange={setTo}
        style={{ width: "100%" }}
      />
      <Input.TextArea
        className={css["field"] ?? ""}
        aria-label={assigns ? "交办意见" : "移送理由"}
        placeholder={assigns ? "交办意见（可不填）" : "移送理由，至少 2 个字"}
        maxLength={1000}
        autoSize={{ minRows: 2, maxRows: 6 }}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </ConfirmAct>
  );
}

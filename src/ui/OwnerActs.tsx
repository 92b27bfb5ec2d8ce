import { Button, Select } from "antd";
import { useState } from "react";
import { ConfirmAct } from "./ConfirmAct.tsx";
import { useToast } from "./toast.ts";
import { useRefresh } from "./query.ts";

export interface OwnerChoice {
  readonly officerId: string;
  readonly name: string;
  readonly organisation: string;
}

export interface OwnerActsProps {
  /** Tasks that the officer has chosen. */
  count: number;
  /** To whom they may be given. */
  colleagues: readonly OwnerChoice[];
  own: (act: "claim" | "return" | "assign", officerId?: string) => Promise<unknown>;
  onDone: () => void;
}

/** 认领、退回、分派: who sees to the chosen tasks. */
export function OwnerActs({ count, colleagues, own, onDone }: OwnerActsProps) {
  const [assigning, setAssigning] = useState(false);
  const [officerId, setOfficerId] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const toast = useToast();
  const refresh = useRefresh();
  const done = async (words: string) => {
    toast.done(words);
    onDone();
    await refresh();
  };
  const at = (act: "claim" | "return", words: string) => async () => {
    setBusy(true);
    try {
      await own(act);
      await done(words);
    } catch (cause) {
      toast.refused(cause);
    } finally {
      setBusy(false);
    }
  };
  const none = count === 0 || busy;
  return (
    <>
      <Button size="small" disabled={none} onClick={() => void at("claim", `已认领 ${count} 项。`)()}>
        认领
      </Button>{" "}
      <Button size="small" disabled={none} onClick={() => void at("return", `已退回 ${count} 项，等待重新分派。`)()}>
        退回
      </Button>{" "}
      <Button size="small" disabled={none} onClick={() => setAssigning(true)}>
        分派
      </Button>
      <ConfirmAct
        open={assigning}
        title="分派任务"
        changes={[{ count, unit: "项", what: "交给下面选定的经办人员" }]}
        undo="可随时退回或改派，不影响办理时限。"
        confirm={`分派 ${count} 项`}
        disabled={officerId === null}
        onClose={() => setAssigning(false)}
        onConfirm={async () => {
          await own("assign", officerId!);
          await done(`已分派 ${count} 项。`);
        }}
      >
        <Select
          aria-label="经办人员"
          placeholder="选择经办人员"
          style={{ width: "100%" }}
          showSearch={{ optionFilterProp: "label" }}
          value={officerId}
          onChange={setOfficerId}
          options={colleagues.map((one) => ({ value: one.officerId, label: `${one.name}　${one.organisation}` }))}
        />
      </ConfirmAct>
    </>
  );
}

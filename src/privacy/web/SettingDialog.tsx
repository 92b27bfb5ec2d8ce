import { Input, InputNumber } from "antd";
import { useState } from "react";
import { call, ConfirmAct, Field, useRefresh, useToast } from "../../ui/index.ts";
import {
  decideSetting,
  getRetention,
  listPreview,
  proposeSetting,
  withdrawSetting,
  type PeriodRow,
} from "../contract.ts";

export type SettingAct = "propose" | "approve" | "refuse" | "withdraw";
const words: Record<SettingAct, { title: string; undo: string; confirm: string; done: string; asks: string | null }> = {
  propose: {
    title: "提出保存期限",
    undo: "批准以前不起作用；可以撤回。提出后自动统计按它有多少数据到期。",
    confirm: "提出",
    done: "已提出，正在统计到期的数据。",
    asks: "理由",
  },
  approve: {
    title: "批准保存期限",
    undo: "批准后，到期的数据从今夜起清除，清除不能撤销。以后可以另定期限，已清除的不会回来。",
    confirm: "批准这个期限",
    done: "已批准，今夜起执行。",
    asks: "意见（可以不填）",
  },
  refuse: { title: "不批准", undo: "退回提出人，可以重新提出。", confirm: "不批准", done: "已退回。", asks: "理由" },
  withdraw: { title: "撤回", undo: "撤回后可以重新提出。", confirm: "撤回", done: "已撤回。", asks: null },
};

export function SettingDialog({ row, act, onClose }: { row: PeriodRow; act: SettingAct; onClose: () => void }) {
  const { title, undo, confirm, done, asks } = words[act];
  const [text, setText] = useState("");
  const [length, setLength] = useState<number | null>(row.agreed ? null : row.length);
  const refresh = useRefresh();
  const toast = useToast();
  const short = text.trim().length < 4 && (act === "propose" || act === "refuse");
  const settingId = row.waiting?.settingId ?? "";
  return (
    <ConfirmAct
      open
      title={`${title}：${row.label}`}
      changes={[]}
      undo={undo}
      confirm={confirm}
      danger={act === "approve"}
      disabled={short || (act === "propose" && length === null)}
      onConfirm={async () => {
        if (act === "propose") await call(proposeSetting, { period: row.period, length: length!, reason: text });
        else if (act === "withdraw") await call(withdrawSetting, { settingId });
        else await call(decideSetting, { settingId, act, note: text });
        toast.done(done);
        await refresh([getRetention, listPreview]);
      }}
      onClose={onClose}
    >
      {act === "propose" ? (
        <Field label="期限" hint={`自${row.from}起；参考 ${row.words}（${row.norm ?? "样例"}）`}>
          <InputNumber
            aria-label="期限"
            min={1}
            max={1200}
            precision={0}
            value={length}
            addonAfter={row.unit === "months" ? "个月" : "天"}
            onChange={setLength}
          />
        </Field>
      ) : (
        <p>
          {row.label}：<b>{row.waiting?.words}</b>，自{row.from}起。{row.waiting?.reason}
        </p>
      )}
      {asks ? (
        <Field label={asks}>
          <Input.TextArea
            aria-label={asks}
            rows={2}
            maxLength={200}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </Field>
      ) : null}
    </ConfirmAct>
  );
}

import { Button, Checkbox, Input, InputNumber, Select } from "antd";
import { useState } from "react";
import { call, ConfirmAct, Field, holds, useRefresh, useRoute, useSession, useToast } from "../../ui/index.ts";
import { getPayeeOffice, payeePermissions, pushFigures, setPayeeOffice, type PayeeOffice } from "../contract.ts";
import css from "./subsidies.module.css";

const TEXTS = [
  ["name", "机关名称", 60],
  ["mark", "机关代字（文号开头，如“花人社”）", 10],
  ["contact", "咨询单位和电话", 120],
  ["reviewBody", "行政复议机关", 60],
  ["court", "有管辖权的法院", 60],
] as const;
const NUMBERS = [
  ["everyDays", "同一件至少隔几天告知一次", 1, 365],
  ["mostMessages", "同一件最多告知几次", 1, 10],
  ["linkDays", "链接几天内有效", 1, 60],
  ["quietFrom", "几点起不打扰（0–23）", 0, 23],
  ["quietTo", "几点起恢复发送（0–23）", 0, 23],
] as const;

/** 对外事项设置: how the office names itself, where its decisions are challenged, how often it writes. */
export function OfficeButton() {
  const session = useSession();
  const [open, setOpen] = useState(false);
  const query = useRoute(getPayeeOffice, {}, { enabled: open });
  if (!holds(session, payeePermissions.templates)) return null;
  return (
    <>
      <Button loading={open && query.isPending} onClick={() => setOpen(true)}>
        对外事项设置
      </Button>
      {open && query.data ? <OfficeDialog office={query.data} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function OfficeDialog({
  office,
  onClose,
}: {
  readonly office: PayeeOffice & {
    readonly sample: boolean;
    readonly region: string;
    readonly setByName: string | null;
  };
  readonly onClose: () => void;
}) {
  const { sample, setByName, region: _region, ...held } = office;
  const [given, setGiven] = useState<PayeeOffice>(held);
  const refresh = useRefresh();
  const toast = useToast();
  return (
    <ConfirmAct
      open
      title="对外事项设置"
      changes={[{ count: 1, unit: "个县", what: "以后的文书和消息按这里署名、告知救济途径；已签发的不变" }]}
      undo={sample ? "现在是样例，按县名拟的，请核对后保存。" : `可以再改。上次由${setByName ?? ""}设置。`}
      confirm="保存"
      lacks={TEXTS.filter(([name]) => given[name].trim().length < 2).map(([, label]) => label)}
      onClose={onClose}
      onConfirm={async () => {
        await call(setPayeeOffice, given);
        toast.done("已保存对外事项设置。");
        await refresh([getPayeeOffice, pushFigures]);
      }}
    >
      <div className={css["fields"]}>
        {TEXTS.map(([name, label, most]) => (
          <Field key={name} label={label}>
            <Input
              maxLength={most}
              value={given[name]}
              onChange={(event) => setGiven({ ...given, [name]: event.target.value })}
            />
          </Field>
        ))}
        <Checkbox checked={given.messages} onChange={(event) => setGiven({ ...given, messages: event.target.checked })}>
          发送补贴消息
        </Checkbox>
        <Field label="发送渠道" hint="没有开通公众号的，按短信发">
          <Select
            aria-label="发送渠道"
            value={given.channel}
            onChange={(channel) => setGiven({ ...given, channel })}
            options={[
              { value: "sms", label: "短信" },
              { value: "wechat", label: "公众号" },
            ]}
          />
        </Field>
        <div className={css["halves"]}>
          {NUMBERS.map(([name, label, least, most]) => (
            <Field key={name} label={label}>
              <InputNumber
                min={least}
                max={most}
                precision={0}
                style={{ width: "100%" }}
                value={given[name]}
                onChange={(value) => setGiven({ ...given, [name]: value ?? least })}
              />
            </Field>
          ))}
        </div>
      </div>
    </ConfirmAct>
  );
}

import { Button, Input, Modal, Radio } from "antd";
import { useState } from "react";
import { May } from "./session.tsx";
import { ProblemNotice } from "./states.tsx";
import css from "./MaskedValue.module.css";

const purposes = ["核对身份", "联系本人", "办理业务", "核查问题"] as const;

export interface MaskedValueProps {
  /** "433124********0416". */
  mask: string;
  /** What it is: "身份证号", "联系电话". */
  label: string;
  /** Permission to see it whole; without it there is no button. */
  permission: string;
  /** Asks the server for the whole value, stating the purpose; the server writes it to the audit log. */
  reveal: (purpose: string) => Promise<string>;
}

/** A masked value with 显示全号: who wants to see it says why, and is told that this is recorded. */
export function MaskedValue({ mask, label, permission, reveal }: MaskedValueProps) {
  const [whole, setWhole] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  return (
    <span className={css["value"]}>
      <span>{whole ?? mask}</span>
      {whole ? (
        <Button type="link" size="small" onClick={() => setWhole(null)}>
          收起
        </Button>
      ) : (
        <May permission={permission}>
          <Button type="link" size="small" aria-label={`显示完整${label}`} onClick={() => setAsking(true)}>
            显示全号
          </Button>
        </May>
      )}
      {asking ? <Purpose label={label} reveal={reveal} onShown={setWhole} onClose={() => setAsking(false)} /> : null}
    </span>
  );
}

function Purpose(props: {
  label: string;
  reveal: MaskedValueProps["reveal"];
  onShown: (whole: string) => void;
  onClose: () => void;
}) {
  const [choice, setChoice] = useState<string>(purposes[0]);
  const [other, setOther] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const purpose = choice === "" ? other.trim() : choice;
  const show = async () => {
    setBusy(true);
    try {
      props.onShown(await props.reveal(purpose));
      props.onClose();
    } catch (cause) {
      setProblem(cause);
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={`查看完整${props.label}`}
      okText="记录并显示"
      cancelText="不看了"
      okButtonProps={{ disabled: purpose === "", loading: busy }}
      onOk={() => void show()}
      onCancel={props.onClose}
      width={420}
    >
      <p>查看用途会连同您的姓名、时间一起记入审计日志。</p>
      <Radio.Group
        className={css["purposes"]}
        value={choice}
        onChange={(event) => setChoice(String(event.target.value))}
        options={[...purposes.map((one) => ({ value: one, label: one })), { value: "", label: "其他" }]}
      />
      {choice === "" ? (
        <Input
          aria-label="其他用途"
          placeholder="请写明用途"
          maxLength={60}
          value={other}
          onChange={(event) => setOther(event.target.value)}
        />
      ) : null}
      {problem ? <ProblemNotice problem={problem} compact /> : null}
    </Modal>
  );
}

import { Button, Modal } from "antd";
import { useState, type ReactNode } from "react";
import { count } from "./format.ts";
import { Icon } from "./Icon.tsx";
import { ProblemNotice } from "./states.tsx";
import css from "./ConfirmAct.module.css";

export interface Change {
  readonly count: number;
  readonly unit: string;
  /** What happens to them: "新建务工记录，含新人 21". */
  readonly what: string;
  readonly tone?: "plain" | "late" | "soon";
}

export interface ConfirmActProps {
  open: boolean;
  title: string;
  /** What the act will change, in numbers. Zero lines are left out. */
  changes: readonly Change[];
  /** One sentence: can it be undone, until when. */
  undo: string;
  /** The button's own words, in numbers: "应用 717 处". */
  confirm: string;
  danger?: boolean;
  disabled?: boolean;
  /** What still has to be given, in the words of the fields; the button waits for it, and the dialog says so. */
  lacks?: readonly (string | false)[];
  /** Anything between the numbers and the buttons: a reason to write, what will be left. */
  children?: ReactNode;
  /** Does the act; the dialog stays open and shows the problem when it is refused. */
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks before an act, saying in numbers what it changes. */
export function ConfirmAct(props: ConfirmActProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const run = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await props.onConfirm();
      props.onClose();
    } catch (cause) {
      setProblem(cause);
    } finally {
      setBusy(false);
    }
  };
  const lacking = (props.lacks ?? []).filter((one) => one !== false);
  const close = () => {
    setProblem(null);
    props.onClose();
  };
  return (
    <Modal
      open={props.open}
      title={<span className={css["title"]}>{props.title}</span>}
      onCancel={close}
      width={520}
      footer={[
        <Button key="no" onClick={close} disabled={busy}>
          先不办
        </Button>,
        <Button
          key="yes"
          type="primary"
          danger={props.danger ?? false}
          loading={busy}
          disabled={(props.disabled ?? false) || lacking.length > 0}
          onClick={() => void run()}
        >
          {props.confirm}
        </Button>,
      ]}
    >
      <ChangeList changes={props.changes} />
      {props.children}
      {props.undo ? (
        <p className={css["undo"]}>
          <Icon name={isFinal(props.undo) ? "warning" : "undo"} /> {props.undo}
        </p>
      ) : null}
      {lacking.length > 0 ? <output className={css["lacks"]}>还要填写：{lacking.join("、")}</output> : null}
      {problem ? <ProblemNotice problem={problem} compact /> : null}
    </Modal>
  );
}

/** Whether the sentence on taking back begins with that it cannot be. */
const isFinal = (undo: string): boolean => /^[^；。]*不能/u.test(undo);

/** What will change, line by line: number, unit, words. */
function ChangeList({ changes }: { changes: readonly Change[] }) {
  const some = changes.filter((change) => change.count > 0);
  if (some.length === 0) return <p className="secondary">不会改动任何数据。</p>;
  return (
    <ul className={css["changes"]}>
      {some.map((change) => (
        <li key={change.what}>
          <span className={css["number"]}>
            <b className={change.tone ? `tone-${change.tone}` : ""}>{count(change.count)}</b> {change.unit}
          </span>
          <span>{change.what}</span>
        </li>
      ))}
    </ul>
  );
}

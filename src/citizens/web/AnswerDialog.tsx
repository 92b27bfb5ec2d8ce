import { Input } from "antd";
import { useState } from "react";
import { ConfirmAct, type Change } from "../../ui/index.ts";

/** An act that ends with words for whoever asked. */
export function AnswerDialog(props: {
  title: string;
  changes: readonly Change[];
  undo: string;
  confirm: string;
  /** Who reads the words. */
  reader: string;
  onAnswer: (answer: string) => Promise<unknown>;
  onClose: () => void;
}) {
  const [answer, setAnswer] = useState("");
  return (
    <ConfirmAct
      open
      title={props.title}
      changes={props.changes}
      undo={props.undo}
      confirm={props.confirm}
      disabled={answer.trim().length < 2}
      onConfirm={() => props.onAnswer(answer)}
      onClose={props.onClose}
    >
      <Input.TextArea
        aria-label="答复"
        placeholder={`答复${props.reader}，至少 2 个字`}
        rows={3}
        maxLength={300}
        value={answer}
        onChange={(event) => setAnswer(event.target.value)}
      />
    </ConfirmAct>
  );
}

import { Button, Drawer, Input, Select } from "antd";
import { useState, type ReactNode } from "react";
import { DateField, Field, ProblemError, ProblemNotice, RegionPicker, useAct, useToast } from "../../ui/index.ts";
import { editPerson, registryFields, type PersonBase, type RegistryField } from "../contract.ts";
import { idOptions, numberOptions } from "./words.ts";
import css from "./EditPersonDrawer.module.css";

const editable = Object.entries(registryFields.person).filter(([, field]) => field.editable);
const NOTE_LEAST = 2;

/** Changes cells by hand. Only what was changed is sent; numbers are shown masked and replaced whole. */
export function EditPersonDrawer({
  person,
  onClose,
  onSaved,
}: {
  person: PersonBase;
  onClose: () => void;
  onSaved: () => void;
}) {
  const [changed, setChanged] = useState<Readonly<Record<string, string>>>({});
  const [note, setNote] = useState("");
  const toast = useToast();
  const held = heldValues(person);
  const cells = Object.entries(changed).filter(([field, value]) => value !== (held[field] ?? ""));
  const act = useAct(editPerson, {
    refreshes: [],
    onDone: (answer) => {
      const parts = [
        answer.changed.length > 0 ? `已修改${answer.changed.join("、")}` : "",
        answer.raised.length > 0 ? `${answer.raised.join("、")}与更权威的来源不同，已转比对任务` : "",
      ];
      toast.done(`${parts.filter(Boolean).join("；")}。`);
      onSaved();
      onClose();
    },
  });
  const faultyCell = act.error?.problem.path?.[1];
  const save = () =>
    act.mutate({
      personId: person.personId,
      version: person.version,
      cells: cells.map(([field, value]) => ({ field, value: value === "" ? null : value })),
      note: note.trim(),
    });
  return (
    <Drawer
      open
      title={`修改 ${person.name} 的信息`}
      size={520}
      onClose={onClose}
      footer={
        <div className={css["foot"]}>
          <Input
            aria-label="修改依据"
            placeholder="修改依据，如：户口簿、本人电话告知"
            maxLength={200}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
          <Button
            type="primary"
            loading={act.isPending}
            disabled={cells.length === 0 || note.trim().length < NOTE_LEAST}
            onClick={save}
          >
            {cells.length === 0 ? "未作修改" : `保存 ${cells.length} 处修改`}
          </Button>
        </div>
      }
    >
      <p className="caption">来源记为“经办录入”。更权威的来源已有不同值时，不会覆盖，转为比对任务由人核对。</p>
      {act.error ? <ProblemNotice problem={act.error} compact /> : null}
      <div className={css["fields"]}>
        {editable.map(([name, field]) => {
          const index = cells.findIndex(([cell]) => cell === name);
          const faulty = act.error instanceof ProblemError && index >= 0 && faultyCell === index;
          return (
            <Field
              key={name}
              label={
                <span className={faulty ? "tone-late" : ""}>
                  {field.label}
                  {name in changed && index >= 0 ? "（已改）" : ""}
                </span>
              }
            >
              <Control
                field={field}
                held={held[name] ?? ""}
                value={changed[name] ?? held[name] ?? ""}
                onChange={(value) => setChanged({ ...changed, [name]: value })}
              />
            </Field>
          );
        })}
      </div>
    </Drawer>
  );
}

function Control({
  field,
  held,
  value,
  onChange,
}: {
  field: RegistryField;
  held: string;
  value: string;
  onChange: (value: string) => void;
}): ReactNode {
  const { type, label } = field;
  const choice = (options: { value: string; label: string }[]) => (
    <Select
      aria-label={label}
      allowClear
      value={value === "" ? null : value}
      options={options}
      onChange={(next: string | undefined) => onChange(next ?? "")}
      placeholder="未填"
    />
  );
  switch (type.kind) {
    case "code":
      return choice(type.stored === "id" ? idOptions(type.dictionary) : numberOptions(type.dictionary));
    case "yes-no":
      return choice([
        { value: "true", label: "愿意" },
        { value: "false", label: "不愿意" },
      ]);
    case "date":
      return <DateField label={label} value={value} onChange={onChange} />;
    case "region":
      return <RegionPicker label={label} root="" width={226} value={value} onChange={onChange} />;
    case "secret":
      return (
        <Input
          aria-label={label}
          placeholder={held === "" ? "未填" : `现为 ${held}，填写后整个替换`}
          value={value === held ? "" : value}
          onChange={(event) => onChange(event.target.value === "" ? held : event.target.value)}
        />
      );
    case "choice":
      return choice(Object.entries(type.labels).map(([option, words]) => ({ value: option, label: words })));
    case "text":
    case "month":
    case "money":
      return (
        <Input
          aria-label={label}
          maxLength={200}
          placeholder="未填"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}

/** The values held, as the route takes them; of numbers the mask. */
function heldValues(person: PersonBase): Readonly<Record<string, string>> {
  const text = (value: string | number | boolean | null) => (value === null ? "" : String(value));
  return {
    name: person.name,
    sex: text(person.sex),
    birth_date: text(person.birthDate),
    ethnicity: text(person.ethnicity),
    education: text(person.education),
    marital_status: text(person.maritalStatus),
    residence_region: text(person.residence?.code ?? null),
    relation_to_head: text(person.relationToHead),
    labour_capacity: text(person.labourCapacity),
    health: text(person.health),
    job_willing: text(person.jobWilling),
    training_willing: text(person.trainingWilling),
    desired_region: text(person.desiredRegion),
    desired_job: text(person.desiredJob),
    skills: text(person.skills),
    address: text(person.address),
    phone: text(person.phoneMask),
    bank_account: text(person.bankMask),
  };
}

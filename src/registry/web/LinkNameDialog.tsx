import { Button, Input, Modal, Radio } from "antd";
import { useState } from "react";
import { Answer, call, EmptyState, ProblemNotice, useRefresh, useRoute, useToast } from "../../ui/index.ts";
import { linkEmployerName, suggestEmployers } from "../contract.ts";
import { EmployerForm } from "./EmployerForm.tsx";
import css from "./LinkNameDialog.module.css";

export interface WrittenName {
  readonly nameKey: string;
  readonly name: string;
  readonly workers: number;
  readonly region: string | null;
}

/** Which registered employer a written name means: the most alike are offered, others are sought, or it is registered anew. */
export function LinkNameDialog({ written, onClose }: { written: WrittenName; onClose: () => void }) {
  const [sought, setSought] = useState(written.name);
  const [chosen, setChosen] = useState("");
  const [registering, setRegistering] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const refresh = useRefresh();
  const toast = useToast();
  const suggestions = useRoute(suggestEmployers, { name: sought }, { enabled: sought.length >= 2 });
  const link = async (employerId: string) => {
    setBusy(true);
    setProblem(null);
    try {
      const { workers } = await call(linkEmployerName, { nameKeys: [written.nameKey], employerId });
      toast.done(`“${written.name}”已关联，涉及在岗 ${workers} 人。`);
      await refresh();
      onClose();
    } catch (cause) {
      setProblem(cause);
    } finally {
      setBusy(false);
    }
  };
  if (registering) {
    return (
      <EmployerForm
        initial={{ name: written.name, region: written.region }}
        onClose={() => setRegistering(false)}
        onSaved={() => {
          // A new employer is linked to its own name at once.
          toast.done(`已登记“${written.name}”并关联在岗 ${written.workers} 人。`);
          void refresh();
          onClose();
        }}
      />
    );
  }
  return (
    <Modal
      open
      title={`“${written.name}”是哪家单位`}
      width={560}
      onCancel={onClose}
      footer={[
        <Button key="new" onClick={() => setRegistering(true)}>
          都不是，登记新单位
        </Button>,
        <Button key="link" type="primary" disabled={chosen === ""} loading={busy} onClick={() => void link(chosen)}>
          关联，涉及在岗 {written.workers} 人
        </Button>,
      ]}
    >
      <p className="caption">关联后，台账里写作这个名称的人都算在该单位；可随时取消关联。</p>
      <Input.Search
        aria-label="查找单位"
        defaultValue={written.name}
        enterButton="查找"
        maxLength={120}
        onSearch={(text) => setSought(text.trim())}
      />
      <Answer query={suggestions} lines={3}>
        {(found) =>
          found.length === 0 ? (
            <EmptyState title="没有相近的登记单位" hint="换个写法查找，或登记新单位。" />
          ) : (
            <Radio.Group
              className={css["choices"]}
              aria-label="相近单位"
              value={chosen}
              onChange={(event) => setChosen(String(event.target.value))}
            >
              {found.map((employer) => (
                <Radio key={employer.employerId} value={employer.employerId}>
                  <b>{employer.name}</b>
                  {"　"}
                  <span className="caption">
                    {[employer.creditCode, employer.region?.fullName, `相近 ${employer.likeness}%`]
                      .filter(Boolean)
                      .join("　")}
                  </span>
                </Radio>
              ))}
            </Radio.Group>
          )
        }
      </Answer>
      {problem ? <ProblemNotice problem={problem} compact /> : null}
    </Modal>
  );
}

import { Input, Modal, Select } from "antd";
import { useState } from "react";
import {
  DateField,
  Field,
  ProblemNotice,
  UploadBox,
  useAct,
  useRefresh,
  useSession,
  useToast,
} from "../../ui/index.ts";
import {
  askOnMandate,
  authorityLabels,
  correctionFieldLabels,
  issueLink,
  linkPurposeLabels,
  listCorrections,
  personAccount,
  recordMandate,
  type Authority,
  type CorrectionField,
  type LinkPurpose,
} from "../contract.ts";
import css from "./PersonAccountCard.module.css";

const optionsOf = <T extends string>(labels: Readonly<Record<T, string>>) =>
  (Object.keys(labels) as T[]).map((value) => ({ value, label: labels[value] }));

/** 发一次性链接: shown once, handed over to the person whose document was seen. */
export function IssueLink({ personId, onClose }: { personId: string; onClose: () => void }) {
  const [purpose, setPurpose] = useState<LinkPurpose>("bind-account");
  const [reason, setReason] = useState("");
  const issue = useAct(issueLink, { refreshes: [personAccount] });
  if (issue.data)
    return (
      <Modal
        open
        title="一次性链接"
        okText="已发给本人，关闭"
        cancelButtonProps={{ hidden: true }}
        mask={{ closable: false }}
        onOk={onClose}
        onCancel={onClose}
      >
        <p>请发给本人，只显示这一次：</p>
        <p className={css["address"]} data-testid="one-time-link">
          {new URL(issue.data.path, window.location.origin).href}
        </p>
        <p className="caption">只能用一次，24 小时内有效；发错了可以在本页作废。</p>
      </Modal>
    );
  return (
    <Modal
      open
      title="发放一次性链接"
      okText="生成链接"
      cancelText="取消"
      okButtonProps={{ disabled: reason.trim().length < 2 }}
      confirmLoading={issue.isPending}
      onOk={() => issue.mutate({ personId, purpose, reason, hours: 24 })}
      onCancel={onClose}
    >
      <div className={css["fields"]}>
        <Field label="用途">
          <Select value={purpose} onChange={setPurpose} options={optionsOf(linkPurposeLabels)} />
        </Field>
        <Field label="依据" hint="绑定账号前须当面核对本人身份证">
          <Input
            value={reason}
            maxLength={100}
            placeholder="如：当面核对身份证原件"
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
        {issue.error ? <ProblemNotice problem={issue.error} compact /> : null}
      </div>
    </Modal>
  );
}

/** 登记代办授权: authority, dates and the paper that shows it. */
export function RecordMandate({ personId, onClose }: { personId: string; onClose: () => void }) {
  const { businessDate } = useSession();
  const toast = useToast();
  const refresh = useRefresh();
  const [authority, setAuthority] = useState<Authority>("written");
  const [authorisedOn, setAuthorisedOn] = useState(businessDate);
  const [validTo, setValidTo] = useState("");
  const [note, setNote] = useState("");
  const input =
    authorisedOn && validTo ? { personId, authority, authorisedOn, validFrom: authorisedOn, validTo, note } : null;
  return (
    <Modal open title="登记代办授权" footer={null} onCancel={onClose}>
      <div className={css["fields"]}>
        <p>授权后，您可以替本人提出申请；本人随时看得到，也随时可以撤销。</p>
        <Field label="授权方式">
          <Select value={authority} onChange={setAuthority} options={optionsOf(authorityLabels)} />
        </Field>
        <Field label="授权日期">
          <DateField label="授权日期" value={authorisedOn} onChange={setAuthorisedOn} max={businessDate} />
        </Field>
        <Field label="有效期至" hint="最长一年">
          <DateField label="有效期至" value={validTo} onChange={setValidTo} min={businessDate} />
        </Field>
        <Field label="说明">
          <Input value={note} maxLength={200} onChange={(event) => setNote(event.target.value)} />
        </Field>
        <UploadBox
          route={recordMandate}
          input={input}
          incomplete="请先填写有效期"
          accept=".jpg,.jpeg,.png,.pdf"
          hint="委托书照片或 PDF，上传后即登记"
          onDone={() => {
            toast.done("代办授权已登记。");
            void refresh([personAccount]);
            onClose();
          }}
        />
      </div>
    </Modal>
  );
}

/** What can be said in words; what has a list of values is chosen on the person's own page. */
const byWords: readonly CorrectionField[] = [
  "name",
  "phone",
  "bank_account",
  "address",
  "skills",
  "desired_job",
  "other",
];

export function AskOnMandate({ mandateId, onClose }: { mandateId: string; onClose: () => void }) {
  const toast = useToast();
  const [field, setField] = useState<CorrectionField>("phone");
  const [proposed, setProposed] = useState("");
  const [reason, setReason] = useState("");
  const ask = useAct(askOnMandate, {
    refreshes: [personAccount, listCorrections],
    onDone: ({ dueOn }) => {
      toast.done(`已替本人提出，最迟 ${dueOn} 答复。`);
      onClose();
    },
  });
  return (
    <Modal
      open
      title="代办更正申请"
      okText="替本人提出"
      cancelText="取消"
      okButtonProps={{ disabled: proposed.trim() === "" || reason.trim().length < 2 }}
      confirmLoading={ask.isPending}
      onOk={() => ask.mutate({ mandateId, field, proposed, reason })}
      onCancel={onClose}
    >
      <div className={css["fields"]}>
        <Field label="要更正哪一项">
          <Select
            value={field}
            onChange={setField}
            options={byWords.map((value) => ({ value, label: correctionFieldLabels[value] }))}
          />
        </Field>
        <Field label="应当是">
          <Input value={proposed} maxLength={200} onChange={(event) => setProposed(event.target.value)} />
        </Field>
        <Field label="理由" hint="记入本人的申请，写明是代办">
          <Input value={reason} maxLength={300} onChange={(event) => setReason(event.target.value)} />
        </Field>
        {ask.error ? <ProblemNotice problem={ask.error} compact /> : null}
      </div>
    </Modal>
  );
}

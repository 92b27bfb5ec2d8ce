import { Button, Input, Modal } from "antd";
import { useState } from "react";
import {
  call,
  Field,
  ProblemNotice,
  RegionPicker,
  useRefresh,
  useRoute,
  useSession,
  useToast,
} from "../../ui/index.ts";
import { getContact, requestMove, setContact } from "../contract.ts";
import css from "./duplicates.module.css";

const COUNTY_DIGITS = 6;

interface FormProps {
  title: string;
  confirm: string;
  ready: boolean;
  send: () => Promise<void>;
  onClose: () => void;
  children: React.ReactNode;
}

function FormDialog({ title, confirm, ready, send, onClose, children }: FormProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const run = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await send();
      onClose();
    } catch (cause) {
      setProblem(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={title}
      okText={confirm}
      cancelText="先不办"
      confirmLoading={busy}
      okButtonProps={{ disabled: !ready }}
      onOk={() => void run()}
      onCancel={onClose}
    >
      <div className={css["form"]}>
        {children}
        {problem ? <ProblemNotice problem={problem} compact /> : null}
      </div>
    </Modal>
  );
}

/** 申请迁入: somebody registered in another county whose 户口 has moved here. Only offices of a county ask. */
export function MoveButton() {
  const [asking, setAsking] = useState(false);
  const session = useSession();
  if (session.region.code.length !== COUNTY_DIGITS) return null;
  return (
    <>
      <Button type="primary" size="small" onClick={() => setAsking(true)}>
        申请迁入
      </Button>
      {asking ? <MoveForm onClose={() => setAsking(false)} /> : null}
    </>
  );
}

function MoveForm({ onClose }: { onClose: () => void }) {
  const [values, setValues] = useState({ name: "", number: "", region: "", note: "" });
  const set = (change: Partial<typeof values>) => setValues({ ...values, ...change });
  const refresh = useRefresh();
  const toast = useToast();
  return (
    <FormDialog
      title="申请迁入"
      confirm="提出申请"
      ready={Object.values(values).every((value) => value.trim().length > 1)}
      onClose={onClose}
      send={async () => {
        const { county } = await call(requestMove, values);
        toast.done(`此人户籍登记在${county.name}，已提出申请，等待对方答复。`);
        await refresh();
      }}
    >
      <Field label="姓名">
        <Input value={values.name} maxLength={50} onChange={(event) => set({ name: event.target.value })} />
      </Field>
      <Field label="证件号码" hint="姓名与号码都相符才能查到；查询记入审计日志">
        <Input value={values.number} maxLength={30} onChange={(event) => set({ number: event.target.value })} />
      </Field>
      <Field label="迁入的村（社区）">
        <RegionPicker label="迁入的村（社区）" value={values.region} onChange={(region) => set({ region })} />
      </Field>
      <Field label="依据">
        <Input
          value={values.note}
          maxLength={200}
          placeholder="如：户口迁移证明，2025-06-10 落户"
          onChange={(event) => set({ note: event.target.value })}
        />
      </Field>
    </FormDialog>
  );
}

/** 本县联系人: whom other counties call. */
export function ContactButton() {
  const [open, setOpen] = useState(false);
  const session = useSession();
  const query = useRoute(getContact, {});
  if (session.region.code.length !== COUNTY_DIGITS) return null;
  const missing = query.data !== undefined && query.data?.phone == null;
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {missing ? "登记本县联系人" : "本县联系人"}
      </Button>
      {open ? (
        <ContactForm
          initial={{
            office: query.data?.office ?? session.organisation,
            personName: query.data?.personName ?? "",
            phone: query.data?.phone ?? "",
          }}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}

function ContactForm({
  initial,
  onClose,
}: {
  initial: { office: string; personName: string; phone: string };
  onClose: () => void;
}) {
  const [values, setValues] = useState(initial);
  const set = (change: Partial<typeof values>) => setValues({ ...values, ...change });
  const refresh = useRefresh();
  const toast = useToast();
  return (
    <FormDialog
      title="本县联系人"
      confirm="保存"
      ready={Object.values(values).every((value) => value.trim().length > 1)}
      onClose={onClose}
      send={async () => {
        await call(setContact, values);
        toast.done("已保存，外县看到重复或转移时会看到这个联系人。");
        await refresh();
      }}
    >
      <Field label="单位">
        <Input value={values.office} maxLength={60} onChange={(event) => set({ office: event.target.value })} />
      </Field>
      <Field label="联系人">
        <Input value={values.personName} maxLength={30} onChange={(event) => set({ personName: event.target.value })} />
      </Field>
      <Field label="办公电话" hint="不要填私人手机号">
        <Input value={values.phone} maxLength={20} onChange={(event) => set({ phone: event.target.value })} />
      </Field>
    </FormDialog>
  );
}

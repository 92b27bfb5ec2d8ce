import { Button, Modal } from "antd";
import { useToast } from "../../ui/index.ts";
import css from "./OneTimePassword.module.css";

/** Shown once: the server keeps only its digest. */
export function OneTimePassword({
  login,
  name,
  password,
  onClose,
}: {
  login: string;
  name: string;
  password: string;
  onClose: () => void;
}) {
  const toast = useToast();
  // Browsers hand out the clipboard on secure addresses only; elsewhere the password is selected by a click and copied by hand.
  const clipboard = window.isSecureContext ? navigator.clipboard : undefined;
  const copy = () => void clipboard?.writeText(password).then(() => toast.done("已复制。"), toast.refused);
  return (
    <Modal
      open
      title="一次性密码"
      width={460}
      // A click beside the box would lose the password for good.
      mask={{ closable: false }}
      onCancel={onClose}
      footer={[
        clipboard ? (
          <Button key="copy" onClick={copy}>
            复制密码
          </Button>
        ) : null,
        <Button key="done" type="primary" onClick={onClose}>
          已记下，关闭
        </Button>,
      ]}
    >
      <p>
        请当面或电话告知 {name}（登录名 <b>{login}</b>）：
      </p>
      <p className={css["password"]} data-testid="one-time-password">
        {password}
      </p>
      <p className="caption">
        只显示这一次，关闭后无法再看；首次登录须修改密码。新增的用户须经另一类管理员批准后才能登录。
      </p>
    </Modal>
  );
}

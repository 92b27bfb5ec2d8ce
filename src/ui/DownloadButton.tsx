import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { Icon } from "./Icon.tsx";
import { useToast } from "./toast.ts";

/** Fetches a file and hands it to the browser; turns while it comes, and says in words when it is refused. */
export function DownloadButton({
  children,
  start,
  size = "middle",
}: {
  children: ReactNode;
  start: () => Promise<void>;
  size?: "small" | "middle";
}) {
  const [busy, setBusy] = useState(false);
  const toast = useToast();
  return (
    <Button
      size={size}
      icon={<Icon name="download" />}
      loading={busy}
      onClick={() => {
        setBusy(true);
        start()
          .catch(toast.refused)
          .finally(() => setBusy(false));
      }}
    >
      {children}
    </Button>
  );
}

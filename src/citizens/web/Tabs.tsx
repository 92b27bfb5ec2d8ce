import { Tabs as Bar } from "antd";
import { useGo } from "../../ui/index.ts";

const pages = [
  { key: "/corrections", label: "更正申请" },
  { key: "/corrections/enterprises", label: "企业账号申请" },
] as const;

/** The two queues that citizens and enterprises fill. */
export function Tabs({ current }: { current: (typeof pages)[number]["key"] }) {
  const go = useGo();
  return (
    <Bar
      activeKey={current}
      onChange={(key) => go(key)}
      tabBarStyle={{ padding: "0 14px", marginBottom: 0 }}
      items={[...pages]}
    />
  );
}

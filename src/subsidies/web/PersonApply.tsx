import { Card, Link } from "../../ui/index.ts";
import css from "./subsidies.module.css";

/** On a person's page: the way to apply in his name. */
export function PersonApply({ personId }: { personId: string }) {
  return (
    <Card title="代办补贴申请" padded>
      <Link to={`/applications/new?person=${personId}`} className={css["secondary"] ?? ""}>
        看看能申请什么
      </Link>
    </Card>
  );
}

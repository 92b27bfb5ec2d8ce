import { call, MaskedValue } from "../../ui/index.ts";
import { registryPermissions, unmask, unmaskedFieldLabels, type UnmaskedField } from "../contract.ts";

/** A number of a person, masked, with 显示全号 for those who may. */
export function PersonNumber({
  personId,
  field,
  mask,
}: {
  personId: string;
  field: UnmaskedField;
  mask: string | null;
}) {
  if (mask === null) return <span className="caption">未登记</span>;
  return (
    <MaskedValue
      mask={mask}
      label={unmaskedFieldLabels[field]}
      permission={registryPermissions.unmask}
      reveal={async (purpose) => (await call(unmask, { personId, field, purpose })).value ?? "未登记"}
    />
  );
}

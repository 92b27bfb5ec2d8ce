import { Input } from "antd";

/** A legal date, chosen or typed; text in and out: "2025-04-18", or "" for none. */
export function DateField(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  min?: string;
  max?: string;
  size?: "small" | "middle";
  disabled?: boolean;
}) {
  return (
    <Input
      type="date"
      aria-label={props.label}
      size={props.size ?? "middle"}
      disabled={props.disabled ?? false}
      value={props.value}
      {...(props.min ? { min: props.min } : {})}
      {...(props.max ? { max: props.max } : {})}
      style={{ width: 150 }}
      onChange={(event) => props.onChange(event.target.value)}
    />
  );
}

import { Select } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { find } from "#registry/contract";
import { call } from "../../ui/index.ts";

const LEAST = 2;

/** Finds one person of the officer's area by name or number. */
export function PersonChoice({
  value,
  onChange,
}: {
  value: string | null;
  onChange: (personId: string | null) => void;
}) {
  const [text, setText] = useState("");
  const wanted = text.trim();
  const found = useQuery({
    queryKey: [find.path, wanted],
    queryFn: ({ signal }) => call(find, { text: wanted }, { signal }),
    enabled: wanted.length >= LEAST,
    staleTime: 60_000,
  });
  const [chosen, setChosen] = useState<{ value: string; label: string } | null>(null);
  const options = (found.data?.persons ?? []).map((person) => ({
    value: person.personId,
    label: `${person.name}　${person.identityMask}　${person.home.name}`,
  }));
  return (
    <Select
      aria-label="用谁的情况试算"
      placeholder="输入姓名或证件号码查找"
      showSearch={{ filterOption: false, onSearch: setText }}
      allowClear
      style={{ width: "100%" }}
      value={value}
      loading={found.isFetching}
      notFoundContent={wanted.length < LEAST ? "请至少输入 2 个字" : found.isFetching ? "正在查找" : "辖区内没有找到"}
      options={options.length > 0 || !chosen ? options : [chosen]}
      onChange={(personId: string | undefined) => {
        setChosen(options.find((one) => one.value === personId) ?? null);
        onChange(personId ?? null);
      }}
    />
  );
}

import { TreeSelect } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, use, useMemo, type ReactNode } from "react";
import { useSession } from "./session.tsx";

export interface RegionNode {
  readonly code: string;
  readonly name: string;
  /** false: a village, nothing below. */
  readonly hasChildren: boolean;
}

/** Where regions come from; `src/web.tsx` connects it to the registry's routes. */
export interface RegionSource {
  children(parent: string): Promise<readonly RegionNode[]>;
  /** From the province down to the region itself, to name a code that the tree has not opened yet. */
  path(code: string): Promise<readonly RegionNode[]>;
}

const RegionContext = createContext<RegionSource | null>(null);

export function RegionSourceProvider({ source, children }: { source: RegionSource; children: ReactNode }) {
  return <RegionContext value={source}>{children}</RegionContext>;
}

export interface RegionPickerProps {
  label: string;
  value: string;
  onChange: (code: string) => void;
  /** Top of the tree; default: the officer's own area. "" for the whole country (places of work). */
  root?: string;
  size?: "small" | "middle";
  disabled?: boolean;
  width?: number;
}

interface TreeNode {
  id: string;
  pId: string;
  value: string;
  title: string;
  isLeaf: boolean;
}

/** A region of the officer's area, opened level by level; each level is fetched when it is first opened. */
export function RegionPicker({
  label,
  value,
  onChange,
  root,
  size = "middle",
  disabled = false,
  width = 180,
}: RegionPickerProps) {
  const session = useSession();
  const source = use(RegionContext);
  const client = useQueryClient();
  const top = root ?? session.region.code;
  const { data: first } = useQuery({
    queryKey: ["region-children", top],
    queryFn: () => source?.children(top) ?? [],
    enabled: source !== null,
    staleTime: Infinity,
  });
  const { data: named } = useQuery({
    queryKey: ["region-path", value],
    queryFn: () => source?.path(value) ?? [],
    enabled: source !== null && value !== "" && value !== top,
    staleTime: Infinity,
  });
  const { data: opened } = useQuery<readonly TreeNode[]>({
    queryKey: ["region-opened", top],
    queryFn: () => [],
    staleTime: Infinity,
  });

  const nodes = useMemo(() => {
    const own: TreeNode[] =
      root === undefined ? [{ id: top, pId: "", value: top, title: session.region.name, isLeaf: false }] : [];
    const byCode = new Map(
      [
        ...own,
        ...(first ?? []).map((region) => treeNode(region, root === undefined ? top : "")),
        ...(opened ?? []),
      ].map((node) => [node.id, node]),
    );
    // The chosen region may lie below what has been opened: its path is added so that it shows by name.
    const path = (named ?? []).filter((region) => region.code.length > top.length);
    path.forEach((region, index) => {
      if (!byCode.has(region.code)) byCode.set(region.code, treeNode(region, path[index - 1]?.code ?? top));
    });
    // Until its name is there, a number would stand in the field.
    if (value !== "" && !byCode.has(value)) byCode.set(value, { ...treeNode(UNNAMED, top), id: value, value });
    return [...byCode.values()];
  }, [first, opened, named, top, root, value, session.region.name]);

  return (
    <TreeSelect
      aria-label={label}
      size={size}
      disabled={disabled}
      style={{ width }}
      value={value === "" ? null : value}
      placeholder={root === undefined ? session.region.name : "选择地区"}
      allowClear
      treeDataSimpleMode
      treeData={nodes}
      treeDefaultExpandedKeys={[top]}
      popupMatchSelectWidth={260}
      loadData={async (node) => {
        const parent = String(node.value);
        const below = (await source?.children(parent)) ?? [];
        client.setQueryData<readonly TreeNode[]>(["region-opened", top], (before) => {
          const known = new Set((before ?? []).map((one) => one.id));
          return [
            ...(before ?? []),
            ...below.filter((region) => !known.has(region.code)).map((region) => treeNode(region, parent)),
          ];
        });
      }}
      onChange={(code: string | null | undefined) => onChange(code ?? "")}
    />
  );
}

const UNNAMED: RegionNode = { code: "", name: "正在读取…", hasChildren: false };

function treeNode(region: RegionNode, parent: string): TreeNode {
  return { id: region.code, pId: parent, value: region.code, title: region.name, isLeaf: !region.hasChildren };
}

import { useQuery } from "@tanstack/react-query";
import { createContext, use, type ReactNode } from "react";
import type { ExportDesk, PersonPanel, SampleFile, WebModule } from "./module.ts";
import { holds, useSessionControl } from "./session.tsx";

const ModulesContext = createContext<readonly WebModule[]>([]);

export function ModulesProvider({ modules, children }: { modules: readonly WebModule[]; children: ReactNode }) {
  return <ModulesContext value={modules}>{children}</ModulesContext>;
}

export function useModules(): readonly WebModule[] {
  return use(ModulesContext);
}

/** Cards that other domains put on the person page, for one slot, in order, as far as the officer may see them. */
export function usePersonPanels(slot: PersonPanel["slot"]): readonly PersonPanel[] {
  const { session } = useSessionControl();
  return useModules()
    .flatMap((module) => module.personPanels ?? [])
    .filter((panel) => panel.slot === slot && holds(session, panel.permission))
    .toSorted((a, b) => a.order - b.order);
}

/** Whether the officer may open an address, by the permission of its page: spares him a link that would be refused. */
export function useMayOpen(): (address: string) => boolean {
  const { session } = useSessionControl();
  const pages = useModules().flatMap((module) => module.pages);
  return (address) => {
    const path = address.split("?")[0] ?? "";
    const page = pages.find((one) => one.path === path) ?? pages.find((one) => stands(one.path, path));
    return page === undefined || holds(session, page.permission);
  };
}

/** "/ledger/$batchId" stands for "/ledger/12". */
function stands(pattern: string, path: string): boolean {
  const parts = pattern.split("/");
  const given = path.split("/");
  return parts.length === given.length && parts.every((part, index) => part.startsWith("$") || part === given[index]);
}

/** Where lists that need approval are asked for. */
export function useExportDesk(): ExportDesk | null {
  return (
    useModules()
      .map((module) => module.exportDesk)
      .find((one) => one !== undefined) ?? null
  );
}

/** Files to try the program with; none outside a demonstration. */
export function useSampleFiles(): readonly SampleFile[] {
  const { session } = useSessionControl();
  const source = useModules()
    .map((module) => module.sampleFiles)
    .find((one) => one !== undefined);
  const { data } = useQuery({
    queryKey: source?.key ?? ["sample-files"],
    queryFn: ({ signal }) => source?.load(signal) ?? [],
    enabled: source !== undefined && session?.demo === true,
    staleTime: Infinity,
  });
  return data ?? [];
}

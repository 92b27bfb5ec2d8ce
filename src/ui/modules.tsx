import { createContext, use, type ReactNode } from "react";
import type { PersonPanel, WebModule } from "./module.ts";
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

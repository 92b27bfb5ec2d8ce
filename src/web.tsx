import { signOut, whoAmI } from "#identity/contract";
import { getRegionPath, listRegionChildren } from "#registry/contract";
import { downloadDemoFile, listDemoFiles } from "#synth/contract";
import audit from "./audit/web/index.tsx";
import backup from "./backup/web/index.tsx";
import citizens from "./citizens/web/index.tsx";
import exports from "./exports/web/index.tsx";
import identity from "./identity/web/index.tsx";
import ledger from "./ledger/web/index.tsx";
import duplicates from "./duplicates/web/index.tsx";
import monitored from "./monitored/web/index.tsx";
import oversight from "./oversight/web/index.tsx";
import months from "./months/web/index.tsx";
import registers from "./registers/web/index.tsx";
import policy from "./policy/web/index.tsx";
import registry from "./registry/web/index.tsx";
import subsidies from "./subsidies/web/index.tsx";
import { call, download, startApp, type Session, type WebModule } from "./ui/index.ts";
import workbench from "./workbench/web/index.tsx";

/** This month's tables of a demonstration, as the offices would send them: to be downloaded, then received. */
const demonstration: WebModule = {
  name: "demonstration",
  pages: [],
  sampleFiles: {
    key: [listDemoFiles.path],
    async load(signal) {
      const files = await call(listDemoFiles, {}, { signal });
      return files.map(({ fileId, ...file }) => ({
        ...file,
        key: fileId,
        download: () => download(downloadDemoFile, { fileId }),
      }));
    },
  },
};

/** The screen: its domains, the officer at it, and where regions come from. */
startApp({
  modules: [
    workbench,
    ledger,
    months,
    registry,
    duplicates,
    monitored,
    registers,
    policy,
    subsidies,
    oversight,
    citizens,
    identity,
    exports,
    audit,
    backup,
    demonstration,
  ],
  session: {
    async read(): Promise<Session | null> {
      const { officer, businessDate, demo } = await call(whoAmI, {});
      return officer && { ...officer, businessDate, demo };
    },
    async signOut() {
      return (await call(signOut, {})).leaveAt;
    },
  },
  regions: {
    children: (parent) =>
      call(listRegionChildren, parent === "" ? { reach: "anywhere" } : { parent, reach: "anywhere" }),
    path: (code) => call(getRegionPath, { code }),
  },
});

import { call, moment, navCount, type WebModule } from "../../ui/index.ts";
import { getToday, workbenchPermissions, type Today } from "../contract.ts";

const pressing = (today: Today) => today.duties.filter((duty) => duty.tone !== "plain");

const web: WebModule = {
  name: "workbench",
  nav: [
    {
      group: "home",
      label: "工作台",
      path: "/",
      order: 0,
      count: {
        ...navCount(getToday, {}, (today) => ({
          // The number at the head of the page.
          waiting: today.duties.length,
          late: today.duties.some((duty) => duty.tone === "late"),
        })),
        permission: workbenchPermissions.read,
      },
    },
  ],
  pages: [{ path: "/", title: "工作台", load: () => import("./HomePage.tsx") }],
  notices: {
    key: [getToday.path, {}, "notices"],
    permission: workbenchPermissions.read,
    async load(asked) {
      const today = await call(getToday, {}, asked);
      return pressing(today).map((duty) => ({
        id: duty.key,
        title: `${duty.title} ${duty.words}`,
        detail: duty.detail,
        path: duty.next.path,
        tone: duty.tone,
      }));
    },
  },
  standing: {
    key: [getToday.path, {}, "standing"],
    permission: workbenchPermissions.read,
    async load(signal, { businessDate }) {
      const { lastApplied } = await call(getToday, {}, { signal });
      // Towns and auditors do not see the county's batches: silence, not "none yet", which would be untrue.
      return lastApplied ? [`已应用${lastApplied.what}`, moment(lastApplied.at, businessDate)] : [];
    },
  },
};
export default web;

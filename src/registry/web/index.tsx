import { call, navCount, type WebModule } from "../../ui/index.ts";
import { countComparisons, find, registryPermissions } from "../contract.ts";

const { read } = registryPermissions;

const web: WebModule = {
  name: "registry",
  nav: [
    { group: "duty", label: "人员与家庭", path: "/persons", permission: read, order: 20 },
    { group: "duty", label: "用人单位", path: "/employers", permission: read, order: 30 },
    {
      group: "duty",
      label: "比对任务",
      path: "/comparisons",
      permission: read,
      order: 40,
      count: navCount(countComparisons, {}, (answer) => ({ waiting: answer.open, late: answer.overdue > 0 })),
    },
    { group: "administration", label: "区划与别名", path: "/region-aliases", permission: read, order: 30 },
  ],
  pages: [
    { path: "/persons", title: "人员与家庭", permission: read, load: () => import("./PersonsPage.tsx") },
    { path: "/persons/elsewhere", title: "外来人员", permission: read, load: () => import("./CardsPage.tsx") },
    { path: "/persons/$personId", title: "一人一档", permission: read, load: () => import("./PersonPage.tsx") },
    {
      path: "/persons/$personId/changes",
      title: "变更记录",
      permission: read,
      load: () => import("./ChangesPage.tsx"),
    },
    { path: "/households/$householdId", title: "家庭", permission: read, load: () => import("./HouseholdPage.tsx") },
    { path: "/employers", title: "用人单位", permission: read, load: () => import("./EmployersPage.tsx") },
    { path: "/employers/$employerId", title: "用人单位", permission: read, load: () => import("./EmployerPage.tsx") },
    { path: "/comparisons", title: "比对任务", permission: read, load: () => import("./ComparisonsPage.tsx") },
    { path: "/region-aliases", title: "区划与别名", permission: read, load: () => import("./RegionAliasesPage.tsx") },
  ],
  search: {
    permission: read,
    async load(text, signal) {
      const answer = await call(find, { text }, { signal });
      return [
        ...answer.persons.map((person) => ({
          id: `person ${person.personId}`,
          title: person.name,
          note: `${person.identityMask}　${person.home.name}`,
          path: `/persons/${person.personId}`,
          group: "人员",
        })),
        ...answer.regions.map((region) => ({
          id: `region ${region.code}`,
          title: region.name,
          note: region.fullName,
          path: `/persons?region=${region.code}`,
          group: "区划：看此处人员",
        })),
      ];
    },
    // Numbers of persons must not stand in an address.
    allResults: (text) => (/\d/.test(text) ? null : `/persons?name=${encodeURIComponent(text)}`),
  },
};
export default web;

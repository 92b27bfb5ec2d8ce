import { navCount, type WebModule } from "../../ui/index.ts";
import { citizensPermissions, countCorrections } from "../contract.ts";
import { PersonAccountCard } from "./PersonAccountCard.tsx";

const web: WebModule = {
  name: "citizens",
  nav: [
    {
      group: "duty",
      label: "更正申请",
      path: "/corrections",
      permission: citizensPermissions.answer,
      order: 45,
      count: navCount(countCorrections, {}, ({ waiting, late }) => ({ waiting, late: late > 0 })),
    },
  ],
  pages: [
    {
      path: "/corrections",
      title: "更正申请",
      permission: citizensPermissions.answer,
      load: () => import("./CorrectionsPage.tsx"),
    },
    {
      path: "/corrections/enterprises",
      title: "企业账号申请",
      permission: citizensPermissions.answer,
      load: () => import("./RepresentativesPage.tsx"),
    },
  ],
  personPanels: [{ slot: "side", order: 60, permission: citizensPermissions.act, component: PersonAccountCard }],
};
export default web;

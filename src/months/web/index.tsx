import { call, navCount, shortDate, type WebModule } from "../../ui/index.ts";
import { getMonths, listReminders, monthsPermissions } from "../contract.ts";

const web: WebModule = {
  name: "months",
  nav: [
    {
      group: "duty",
      label: "月度关账",
      path: "/months",
      permission: monthsPermissions.read,
      order: 15,
      count: {
        ...navCount(getMonths, {}, ({ below }) => ({
          waiting: below.filter((one) => one.acts.includes("acknowledge")).length,
          late: false,
        })),
        permission: monthsPermissions.acknowledge,
      },
    },
  ],
  pages: [
    { path: "/months", title: "月度关账", permission: monthsPermissions.read, load: () => import("./MonthsPage.tsx") },
    {
      path: "/months/$region/$month",
      title: "一地一月",
      permission: monthsPermissions.read,
      load: () => import("./MonthPage.tsx"),
    },
    {
      path: "/months/$region/$month/report",
      title: "月报",
      permission: monthsPermissions.read,
      load: () => import("./ReportPage.tsx"),
    },
  ],
  notices: {
    key: [listReminders.path, "notices"],
    permission: monthsPermissions.read,
    load: async (asked) =>
      (await call(listReminders, {}, asked))
        .filter((reminder) => reminder.open)
        // Newest first: of what was reminded of more than once, the last word is enough.
        .filter(
          (reminder, at, all) =>
            all.findIndex((one) => one.duty === reminder.duty && one.owing.code === reminder.owing.code) === at,
        )
        .map((reminder) => ({
          id: `months ${reminder.id}`,
          title: `${reminder.owing.name} ${reminder.duty}`,
          detail: `还没有移交、上报，应 ${shortDate(reminder.dueOn)}前；${reminder.words}`,
          path: `/months?month=${reminder.month}`,
          tone: reminder.step === "coming" ? ("soon" as const) : ("late" as const),
        })),
  },
};
export default web;

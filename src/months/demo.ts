import { callerAtDesk, createGate } from "#identity";
import { addMonths, monthOf } from "../platform/dates/index.ts";
import type { RequestOf, Route } from "../platform/contract.ts";
import { runAct } from "../platform/http/run-action.ts";
import type { DomainModule, Handler, Services } from "../platform/module.ts";
import { closeHandlers } from "./close.ts";
import { acknowledgeMonths, getRegionMonth, submitMonth } from "./contract.ts";
import { monthsRoles } from "./permissions.ts";
import { readHandlers } from "./read.ts";
import { remindAll } from "./remind.ts";

/** The chain of offices of the demonstration, with their logins, and on which day of the following month the county submits. */
const CHAINS = [
  {
    towns: [
      { region: "433124110", login: "huayuan-town1" },
      { region: "433124109", login: "huayuan-town2" },
    ],
    county: { region: "433124", login: "huayuan" },
    city: { region: "4331", login: "xiangxi" },
    province: { region: "43", login: "hunan" },
    day: 19,
  },
  {
    towns: [],
    county: { region: "370831", login: "sishui" },
    city: { region: "3708", login: "jining" },
    province: { region: "37", login: "shandong" },
    day: 24,
  },
  {
    towns: [],
    county: { region: "622927", login: "jishishan" },
    city: { region: "6229", login: "linxia" },
    province: { region: "62", login: "gansu" },
    // Three days after the day: a late county to look at.
    day: 28,
  },
] as const;

const UNOPENED = "其余下级尚未开通账号，由本级统一核对";
/** Months closed before the one in hand. */
const CLOSED_MONTHS = 2;

/**
 * Closes the two months before the one in hand through the very acts of the screen, each office in its own name. What was closed is
 * counted by the program's own background work once it runs: a first start does not wait for it.
 */
export async function seedDemo(services: Services): Promise<void> {
  for (const chain of CHAINS) {
    const inHand = addMonths(monthOf(services.businessDate(chain.county.region)), -1);
    for (let back = CLOSED_MONTHS; back >= 1; back--) await closeChain(services, chain, addMonths(inHand, -back));
  }
  await remindAll(services);
}

async function closeChain(services: Services, chain: (typeof CHAINS)[number], month: string): Promise<void> {
  const on = (day: number): Services => ({
    ...services,
    businessDate: () => `${addMonths(month, 1)}-${String(day).padStart(2, "0")}`,
  });
  const { county, city, province, day } = chain;
  for (const town of chain.towns) await submit(on(day - 1), town, month);
  const levels = [county, city, province];
  for (const [index, office] of levels.entries()) {
    const below = index === 0 ? chain.towns : [levels[index - 1]!];
    const regions = below.map(({ region }) => region);
    if (regions.length > 0) await act(on(day + index), office.login, acknowledgeMonths, { month, regions });
    await submit(on(day + index), office, month);
  }
}

async function submit(services: Services, office: { region: string; login: string }, month: string): Promise<void> {
  const { region, login } = office;
  const { open } = getRegionMonth.output.parse(await act(services, login, getRegionMonth, { region, month }));
  const missing = open?.below.map(({ code }) => code) ?? [];
  const note = missing.length > 0 ? UNOPENED : "";
  await act(services, login, submitMonth, { region, month, missing, note });
}

/** The handlers by themselves: this module's own list would lead back here. */
const desk: DomainModule = {
  name: "months",
  handlers: [...closeHandlers, ...readHandlers],
  permissions: monthsRoles,
};

async function act<R extends Route>(
  services: Services,
  login: string,
  route: R,
  input: RequestOf<R>,
): Promise<unknown> {
  const handler: Handler = desk.handlers!.find((one) => one.route === route)!;
  const caller = await callerAtDesk(services, [desk], login);
  return runAct(services, createGate([desk]), { handler, caller, input, request: { ip: "", userAgent: "" } });
}

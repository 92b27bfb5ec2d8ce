import { callerAtDesk, createGate } from "#identity";
import { addMonths, lastDay, monthOf } from "../platform/dates/index.ts";
import { runAct } from "../platform/http/run-action.ts";
import type { OutputOf, RequestOf, Route } from "../platform/contract.ts";
import type { DomainModule, Services } from "../platform/module.ts";
import { closeHandlers } from "./close.ts";
import { getRegionMonth } from "./contract.ts";
import { CLOSING_DAY, monthsPermissions } from "./contract.ts";
import { acknowledgeMonths, submitMonth } from "./months-contract.ts";
import { countClosing } from "./count.ts";
import { readHandlers } from "./read.ts";
import { remindAll } from "./remind.ts";

export { CLOSING_DAY, monthsPermissions, lastDay, monthOf, addMonths, callerAtDesk, createGate, runAct, closeHandlers, getRegionMonth, acknowledgeMonths, submitMonth, countClosing, readHandlers, remindAll };
export type { OutputOf, RequestOf, Route, DomainModule };
export async function seedDemo(_services: Services): Promise<void> {}

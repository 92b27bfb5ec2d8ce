import { fillCounties } from "#registry";
import type { Services } from "../../platform/module.ts";
import type { CurrentRulebook } from "../versions/rulebook.ts";
import { synthesizeSharedRows, type KnownVariants } from "./rows.ts";
import { putSampleSettings, sampleSettings } from "./settings.ts";

/**
 * Fills a demonstration or a synthetic province, county by county: first what localities are said to have set, then the shared rows, whose
 * outcomes depend on it.
 */
export async function fillSamples(services: Services, rulebook: CurrentRulebook): Promise<void> {
  const { worker } = services.database;
  const unset = await rulebook.get(worker);
  await fillCounties(services, (tx, { region }) => putSampleSettings(tx, sampleSettings(unset, region)));
  const book = await rulebook.get(worker);
  const known: KnownVariants = new Map();
  await fillCounties(services, (tx, scope) => synthesizeSharedRows(tx, book, scope, known));
}

import { registersModule } from "#registers";
import { modules as all } from "../../src/app.ts";
import type { DomainModule } from "../../src/platform/module.ts";
import { trialModule, trialRegisters } from "../../src/registers/fixtures.ts";

/** The program as it runs, its registers replaced by made-up ones: every type of column, whatever the real ones use. */
export const modules: readonly DomainModule[] = [
  ...all.map((module) => (module.name === "registers" ? registersModule(trialRegisters) : module)),
  trialModule,
];

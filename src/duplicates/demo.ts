import type { Services } from "../platform/module.ts";

export async function seedDuplicates(_services: Services): Promise<void> {}

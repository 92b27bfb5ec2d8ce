import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../platform/config.ts";
import { readBundle, shippedBundles } from "./bundles.ts";

const folder = join(projectRoot, "policies");
const read = (text: string) => readBundle("policies/bundles/trial.yaml", text, folder);
const GOOD =
  "title: 外出务工\nabout: 去外地打工\napplicant: person\nmeasures: [transport-allowance, skill-upgrade-subsidy]\n";

describe("bundles", () => {
  it("are those of the rulebook, each of measures that are there", () => {
    expect(shippedBundles().map(({ id }) => id)).toEqual(["hire-and-train", "return-and-start", "work-away"]);
  });
  it("are refused at load with the place and what is wrong", () => {
    expect(read(GOOD)).toMatchObject({ id: "trial", measures: ["transport-allowance", "skill-upgrade-subsidy"] });
    expect(() => read(GOOD.replace("skill-upgrade-subsidy", "no-such-thing"))).toThrow("没有“no-such-thing”这项政策");
    expect(() => read(GOOD.replace(", skill-upgrade-subsidy", ""))).toThrow("至少写两项");
    expect(() => read(GOOD.replace("person", "everybody"))).toThrow("“applicant”应为");
    expect(() => read(GOOD.replace("about", "abuot"))).toThrow("trial.yaml:1");
  });
});

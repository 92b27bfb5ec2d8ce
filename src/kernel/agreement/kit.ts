/**
 * Cases of the DMN technology compatibility kit (github.com/dmn-tck/tck, compliance level 3) for the subset: number of the test and of
 * the case in it, expression, and the kit's answer. `refused` are those that rules may not write; each for a reason the README gives.
 * Cases without missing facts only: what null does is ours to say (`known`, Kleene), not the kit's.
 */
export interface KitCase {
  readonly id: string;
  readonly feel: string;
  readonly expected: string;
}

const rows = (test: string, table: string): readonly KitCase[] =>
  table
    .trim()
    .split("\n")
    .map((line) => {
      const [id, feel, expected] = line.split("|").map((cell) => cell.trim()) as [string, string, string];
      return { id: `${test} ${id}`, feel, expected };
    });

export const PASSED: readonly KitCase[] = [
  ...rows(
    "0068-feel-equality",
    `
    boolean_001 | true = true | true
    boolean_002 | true != true | false
    boolean_003 | false = false | true
    boolean_004 | false != false | false
    boolean_005 | true = false | false
    number_001 | 123 = 123 | true
    number_004 | -0 = 0 | true
    number_005 | -1 = 1 | false
    string_001 | "foo" = "foo" | true
    string_002 | "foo" = "Foo" | false
    string_003 | "foo" != "Foo" | true`,
  ),
  ...rows(
    "0072-feel-in",
    `
    number_001 | 1 in [2,3,1] | true
    number_001_a | 1 in [2,3,4] | false
    number_003 | 1 in <= 10 | true
    number_003_1 | 10 in <= 10 | true
    number_003_a | 11 in <= 10 | false
    number_004 | 1 in < 10 | true
    number_004_a | 10 in < 10 | false
    number_005 | 11 in >= 10 | true
    number_005_1 | 10 in >= 10 | true
    number_005_a | 9 in >= 10 | false
    number_006 | 11 in > 10 | true
    number_006_a | 10 in > 10 | false
    number_007_a | 1 in (2..4) | false
    number_007_b | 2 in (2..4) | false
    number_007_c | 3 in (2..4) | true
    number_007_d | 4 in (2..4) | false
    number_007_e | 5 in (2..4) | false
    number_008_a | 1 in (2..4] | false
    number_008_b | 2 in (2..4] | false
    number_008_c | 3 in (2..4] | true
    number_008_d | 4 in (2..4] | true
    number_008_e | 5 in (2..4] | false
    number_009_a | 1 in [2..4) | false
    number_009_b | 2 in [2..4) | true
    number_009_c | 3 in [2..4) | true
    number_009_d | 4 in [2..4) | false
    number_009_e | 5 in [2..4) | false
    number_010_a | 1 in [2..4] | false
    number_010_b | 2 in [2..4] | true
    number_010_c | 3 in [2..4] | true
    number_010_d | 4 in [2..4] | true
    number_010_e | 5 in [2..4] | false
    number_011 | 1 in 1 | true
    number_011_a | 1 in 2 | false
    number_014 | 10 in (1, < 5, >=10) | true
    number_014_a | 10 in (1, 5, 9) | false
    string_001 | "a" in ["b","c","a"] | true
    string_001_a | "a" in ["b","c","d"] | false
    string_011 | "a" in "a" | true
    string_011_a | "a" in "b" | false`,
  ),
];

export const REFUSED: readonly KitCase[] = [
  ...rows(
    "0068-feel-equality",
    `
    boolean_006 | true = null | feel.refused
    boolean_008 | false = 0 | feel.type
    number_002 | 123.01 = 123.01 | feel.refused
    number_003 | 0 = 0.00 | feel.refused
    number_007 | 100 = "100" | feel.type
    string_004 | "foo" = null | feel.refused
    list_001 | [1,2,3] = [1,2,3] | feel.type
    list_004 | [] = [] | feel.refused
    list_007 | 100[1] = 100 | feel.refused`,
  ),
  ...rows(
    "0072-feel-in",
    `
    number_002 | 1 in [[2..4], [1..3]] | feel.refused
    string_003 | "a" in <= "b" | feel.type
    string_010_c | "c" in ["b".."d"] | feel.type`,
  ),
];

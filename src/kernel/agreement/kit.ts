/**
 * Cases of the DMN technology compatibility kit (github.com/dmn-tck/tck, levels 2 and 3) for the subset: test, case, expression, and the
 * kit's answer. `REFUSED` are those that rules may not write, with the code of the problem; the reasons stand in docs/feel.md. A written
 * `null` is always refused; where the kit's inputs are null (`TERNARY`), a missing fact stands for it.
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
  ...rows(
    "0064-feel-conjunction",
    `
    decision001 | true and true | true
    decision002 | true and false | false
    decision004 | false and true | false
    decision005 | false and false | false`,
  ),
  ...rows(
    "0065-feel-disjunction",
    `
    decision001 | true or true | true
    decision002 | true or false | true
    decision004 | false or true | true
    decision005 | false or false | false`,
  ),
  ...rows(
    "0066-feel-negation",
    `
    decision001 | not(true) | false
    decision002 | not(false) | true`,
  ),
  ...rows(
    "0068-feel-equality",
    `
    date_001 | date("2018-12-08") = date("2018-12-08") | true
    date_002 | date("2018-12-07") = date("2018-12-08") | false`,
  ),
  ...rows(
    "0071-feel-between",
    `
    number_001 | 0 between 1 and 10 | false
    number_002 | 1 between 1 and 10 | true
    number_003 | 5 between 1 and 10 | true
    number_004 | 10 between 1 and 10 | true
    number_005 | 11 between 1 and 10 | false
    date_001 | date("2018-12-01") between date("2018-12-02") and date("2018-12-04") | false
    date_002 | date("2018-12-02") between date("2018-12-02") and date("2018-12-04") | true
    date_003 | date("2018-12-03") between date("2018-12-02") and date("2018-12-04") | true
    date_004 | date("2018-12-04") between date("2018-12-02") and date("2018-12-04") | true
    date_005 | date("2018-12-05") between date("2018-12-02") and date("2018-12-04") | false`,
  ),
  ...rows(
    "0100-arithmetic",
    `
    multiply_lhs_number_by_rhs_number_001 | 10 * 10 | 100
    multiply_lhs_number_by_rhs_number_002 | 10 * -10 | -100
    multiply_lhs_number_by_rhs_number_003 | -10 * -10 | 100
    multiply_lhs_number_by_rhs_number_004 | 10 * 0 | 0`,
  ),
  ...rows(
    "1110-feel-contains-function",
    `
    feel-contains-function_4 | contains("foobar","bar") | true
    feel-contains-function_5 | contains("foobar","o") | true
    feel-contains-function_6 | contains("abc","") | true
    feel-contains-function_7 | contains("","ab") | false
    feel-contains-function_8 | contains("","") | true`,
  ),
];

/** Test 0106 of level 2 by its inputs A and B: a missing one is the kit's null. */
export const TERNARY: readonly {
  readonly a: boolean | null;
  readonly b: boolean | null;
  readonly and: boolean | null;
  readonly or: boolean | null;
}[] = [
  { a: true, b: true, and: true, or: true },
  { a: false, b: true, and: false, or: true },
  { a: null, b: true, and: null, or: true },
  { a: true, b: false, and: false, or: true },
  { a: false, b: false, and: false, or: false },
  { a: null, b: false, and: false, or: null },
  { a: true, b: null, and: null, or: true },
  { a: false, b: null, and: false, or: null },
  { a: null, b: null, and: null, or: null },
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
  ...rows(
    "0064-feel-conjunction",
    `
    decision003_a | true and null | feel.refused
    decision003_b | true and 123 | feel.type
    decision003_c | true and "true" | feel.type
    decision006_a | false and null | feel.refused
    decision006_b | false and 123 | feel.type
    decision006_c | false and "true" | feel.type
    decision007_a | null and true | feel.refused
    decision007_b | 123 and true | feel.type
    decision007_c | "true" and true | feel.type
    decision008_a | null and false | feel.refused
    decision008_b | 123 and false | feel.type
    decision008_c | "true" and false | feel.type
    decision009_a | null and null | feel.refused
    decision009_b | "true" and "true" | feel.type
    decision009_c | 0 and 0 | feel.type`,
  ),
  ...rows(
    "0065-feel-disjunction",
    `
    decision003_a | true or null | feel.refused
    decision003_b | true or 123 | feel.type
    decision003_c | true or "true" | feel.type
    decision006_a | false or null | feel.refused
    decision006_b | false or 123 | feel.type
    decision006_c | false or "true" | feel.type
    decision007_a | null or true | feel.refused
    decision007_b | 123 or true | feel.type
    decision007_c | "true" or true | feel.type
    decision008_a | null or false | feel.refused
    decision008_b | 123 or false | feel.type
    decision008_c | "true" or false | feel.type
    decision009_a | null or null | feel.refused
    decision009_b | "true" or "true" | feel.type
    decision009_c | 0 or 0 | feel.type`,
  ),
  ...rows(
    "0066-feel-negation",
    `
    decision003_a | not(null) | feel.refused
    decision003_b | not(0) | feel.type
    decision003_c | not(1) | feel.type
    decision003_d | not("true") | feel.type`,
  ),
  ...rows(
    "0068-feel-equality",
    `
    string_005 | "foo" = 100 | feel.type
    list_002 | [1,1,1] = [1,1,1,1] | feel.type
    list_003 | [1,1,1] = [1,1,2] | feel.type
    list_005 | [1,2,3] = [3,2,1] | feel.type
    list_006 | true[1] = true | feel.refused
    list_008 | "foo"[1] = "foo" | feel.refused
    list_009 | date("2018-12-08")[1] = date("2018-12-08") | feel.refused
    list_010 | time("10:30:12")[1] = time("10:30:12") | feel.refused
    list_012 | duration("P1D")[1] = duration("P1D") | feel.refused
    list_015 | [] = null | feel.refused
    list_016 | [] = 0 | feel.refused
    context_001 | {} = {} | feel.refused
    context_002 | {foo: "bar", bar: "baz"} = {foo: "bar", bar: "baz"} | feel.refused
    context_005 | {foo: "bar"} = {foo: "baz"} | feel.refused
    date_003 | date("2018-12-07") = null | feel.refused
    date_004 | date("2018-12-07") = 100 | feel.type
    time_001 | time("10:30:00") = time("10:30:00") | feel.refused`,
  ),
  ...rows(
    "0071-feel-between",
    `
    string_001 | "a" between "b" and "d" | feel.type
    string_002 | "b" between "b" and "d" | feel.type
    string_003 | "c" between "b" and "d" | feel.type
    string_004 | "d" between "b" and "d" | feel.type
    string_005 | "e" between "b" and "d" | feel.type
    time_001 | time("10:31:00") between time("10:32:00") and time("10:34:00") | feel.refused
    time_002 | time("10:32:00") between time("10:32:00") and time("10:34:00") | feel.refused
    time_003 | time("10:33:00") between time("10:32:00") and time("10:34:00") | feel.refused
    time_004 | time("10:34:00") between time("10:32:00") and time("10:34:00") | feel.refused
    time_005 | time("10:35:00") between time("10:32:00") and time("10:34:00") | feel.refused
    datetime_001 | date and time("2018-12-01T10:30:00") between date and time("2018-12-02T10:30:00") and date and time("2018-12-04T10:30:00") | feel.refused
    datetime_002 | date and time("2018-12-02T10:30:00") between date and time("2018-12-02T10:30:00") and date and time("2018-12-04T10:30:00") | feel.refused
    datetime_003 | date and time("2018-12-03T10:30:00") between date and time("2018-12-02T10:30:00") and date and time("2018-12-04T10:30:00") | feel.refused
    datetime_004 | date and time("2018-12-04T10:30:00") between date and time("2018-12-02T10:30:00") and date and time("2018-12-04T10:30:00") | feel.refused
    datetime_005 | date and time("2018-12-05T10:30:00") between date and time("2018-12-02T10:30:00") and date and time("2018-12-04T10:30:00") | feel.refused
    ym_duration_001 | duration("P1Y") between duration("P2Y") and duration("P4Y") | feel.refused
    ym_duration_002 | duration("P2Y") between duration("P2Y") and duration("P4Y") | feel.refused
    ym_duration_003 | duration("P3Y") between duration("P2Y") and duration("P4Y") | feel.refused
    ym_duration_004 | duration("P4Y") between duration("P2Y") and duration("P4Y") | feel.refused
    ym_duration_005 | duration("P5Y") between duration("P2Y") and duration("P4Y") | feel.refused
    dt_duration_001 | duration("P1D") between duration("P2D") and duration("P4D") | feel.refused
    dt_duration_002 | duration("P2D") between duration("P2D") and duration("P4D") | feel.refused
    dt_duration_003 | duration("P3D") between duration("P2D") and duration("P4D") | feel.refused
    dt_duration_004 | duration("P4D") between duration("P2D") and duration("P4D") | feel.refused
    dt_duration_005 | duration("P5D") between duration("P2D") and duration("P4D") | feel.refused
    null_001 | null between 1 and 10 | feel.refused
    null_002 | 2 between null and 10 | feel.refused
    null_003 | 2 between 1 and null | feel.refused`,
  ),
  ...rows(
    "0100-arithmetic",
    `
    multiply_lhs_number_by_rhs_dtDuration_001 | 10 * @"P1D" | feel.refused
    multiply_lhs_number_by_rhs_dtDuration_007 | 1.5 * @"P4DT1H" | feel.refused
    multiply_lhs_number_by_rhs_ymDuration_001 | 10 * @"P1Y" | feel.refused
    multiply_lhs_ymDuration_by_rhs_number_001 | @"P1Y" * 10 | feel.refused
    divide_lhs_number_by_rhs_number_001 | 100 / 10 | feel.refused
    divide_lhs_number_by_rhs_number_002 | 100 / 0 | feel.refused`,
  ),
  ...rows(
    "1110-feel-contains-function",
    `
    feel-contains-function_ErrorCase_1 | contains(null,null) | feel.refused
    feel-contains-function_ErrorCase_2 | contains(null,"bar") | feel.refused
    feel-contains-function_ErrorCase_3 | contains("bar",null) | feel.refused
    feel-contains-function_9 | contains(string:"foobar",match:"bar") | feel.refused
    feel-contains-function_10 | contains(string:"foobar",match:"b") | feel.refused`,
  ),
];

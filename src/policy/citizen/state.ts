import type { Audience } from "../facts/audience.ts";
import type { Answer, Answers, Asked, Setup } from "./interview.ts";
import type { CalculatorBenefit } from "./model.ts";

/** Where somebody stands. Each step forward makes a new state; going back shows the one before. Nothing outlives the page. */
export type State =
  | { readonly screen: "place"; readonly asOf: string }
  | { readonly screen: "audience"; readonly asOf: string; readonly place: string }
  | { readonly screen: "choice"; readonly asOf: string; readonly place: string; readonly audience: Audience }
  | {
      readonly screen: "question";
      readonly setup: Setup;
      /** All other answers. */
      readonly answered: readonly Answered[];
      readonly asked: Asked;
      /** Where the answer belongs among the others: after them, or where it was when one is changed. */
      readonly place: number;
    }
  | { readonly screen: "result"; readonly setup: Setup; readonly answered: readonly Answered[] };

export interface Answered {
  readonly asked: Asked;
  readonly answer: Answer;
}

export const answersOf = (answered: readonly Answered[]): Answers =>
  new Map(answered.map(({ asked, answer }) => [asked.key, answer]));

export const isOver = ({ inForce: { to } }: CalculatorBenefit, asOf: string): boolean => to !== undefined && asOf > to;
export const isFuture = ({ inForce: { from } }: CalculatorBenefit, asOf: string): boolean => asOf < from;

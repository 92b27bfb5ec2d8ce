import type { PublicPage } from "../../platform/http/public-pages.ts";
import { calculatorPage, calculatorRules, calculatorStart } from "./calculator-page.ts";
import { policiesPage } from "./policies-page.ts";
import { textPage } from "./text-page.ts";
import { textsPage } from "./texts-page.ts";

/** The rulebook for everybody: no account, no cookie, nothing about persons. */
export const publicPages: readonly PublicPage[] = [
  { path: "/policies", answer: policiesPage },
  { path: "/texts", answer: textsPage },
  { path: "/texts/:id", answer: textPage },
  { path: "/calculator", answer: calculatorStart },
  { path: "/calculator/:region", answer: calculatorPage },
  { path: "/calculator/rules/:file", answer: calculatorRules },
];

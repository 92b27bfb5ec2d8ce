import type { PageBody, PageRequest, PublicPage } from "../../platform/http/public-pages.ts";
import type { CurrentRulebook } from "../versions/rulebook.ts";
import { calculatorPage, calculatorRules, calculatorStart, calculatorWorker } from "./calculator-page.ts";
import { factsPage } from "./facts-page.ts";
import { libraryOf, type PublicLibrary } from "./library.ts";
import { policiesPage } from "./policies-page.ts";
import { textPage } from "./text-page.ts";
import { textsPage } from "./texts-page.ts";

type Page = (library: PublicLibrary, request: PageRequest) => PageBody;

const pages: readonly (readonly [path: string, page: Page])[] = [
  ["/policies", policiesPage],
  ["/texts", textsPage],
  ["/texts/:id", textPage],
  ["/texts/facts", factsPage],
  ["/calculator", calculatorStart],
  ["/calculator/worker.js", calculatorWorker],
  ["/calculator/:region", calculatorPage],
  ["/calculator/rules/:file", calculatorRules],
];

/** The rulebook for everybody: no account, no cookie, nothing about persons. */
export const publicPages = (rulebook: CurrentRulebook): readonly PublicPage[] =>
  pages.map(([path, page]) => ({
    path,
    answer: async (request) => page(libraryOf(await rulebook.get(request.services.database.app)), request),
  }));

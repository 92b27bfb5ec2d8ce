import type { BankFormat } from "../../contract.ts";
import type { AnswerFile, BankAdapter } from "./adapter.ts";
import { cardAdapter } from "./card.ts";
import { pipeAdapter } from "./pipe.ts";
import { plainAdapter } from "./plain.ts";

/** The plain one last: it takes whatever the others do not know as theirs. */
const adapters: readonly BankAdapter[] = [pipeAdapter, cardAdapter, plainAdapter];

export const adapterOf = (format: BankFormat): BankAdapter => adapters.find((one) => one.format === format)!;

/** Whoever sent an answer, it is read as what it is: an office that changed banks still gets answers of the old one. */
export const adapterFor = (file: AnswerFile): BankAdapter => adapters.find((one) => one.recognises(file))!;

import type { BasisView } from "../contract.ts";
import { placeOf, textAddress } from "./words.ts";

/** Where a sentence stands, as a link to the text itself at that article; it is a page for everybody and opens beside this one. */
export function Source({ basis }: { basis: BasisView }) {
  return (
    <a href={textAddress(basis)} target="_blank" rel="noopener" title="看原文（新窗口）">
      {placeOf(basis)}
    </a>
  );
}

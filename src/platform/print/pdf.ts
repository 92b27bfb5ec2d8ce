import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import pdfmake from "pdfmake";

const FONT = "NotoSerifSC";
const fontFolder = dirname(createRequire(import.meta.url).resolve("@expo-google-fonts/noto-serif-sc/package.json"));
const regular = join(fontFolder, "400Regular", "NotoSerifSC_400Regular.ttf");
const bold = join(fontFolder, "700Bold", "NotoSerifSC_700Bold.ttf");

type Definition = Parameters<typeof pdfmake.createPdf>[0];

let ready = false;
/** The fonts lie beside the program; the document itself names no file and no address. */
function prepare(): void {
  if (ready) return;
  pdfmake.setFonts({ [FONT]: { normal: regular, bold, italics: regular, bolditalics: bold } });
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => path === regular || path === bold);
  ready = true;
}

/** Prints a document in the one type that it has. */
export function printPdf(definition: Definition): Promise<Buffer> {
  prepare();
  return pdfmake.createPdf({ ...definition, defaultStyle: { ...definition.defaultStyle, font: FONT } }).getBuffer();
}

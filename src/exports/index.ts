export { handleExport, type ExportableInput, type ExportColumn, type ExportHandler, type ExportList } from "./list.ts";
export { exportsModule } from "./module.ts";
export { marksOfPerson } from "./marks.ts";

export { useAddress, useGo, usePathPart, writeAddress } from "./address.ts";
export { ActFooter } from "./ActFooter.tsx";
export { Bar } from "./Bar.tsx";
export { BarChart, type BarRow } from "./BarChart.tsx";
export { Card } from "./Card.tsx";
export { call, download, ProblemError, setCsrfToken } from "./client.ts";
export { ConfirmAct, type Change } from "./ConfirmAct.tsx";
export { DataTable, type Column, type Selection } from "./DataTable.tsx";
export { DateField } from "./DateField.tsx";
export { Field } from "./Field.tsx";
export { DownloadButton } from "./DownloadButton.tsx";
export { ExportButton } from "./ExportButton.tsx";
export { FigureStrip } from "./FigureStrip.tsx";
export { FilterBar, type Filter } from "./FilterBar.tsx";
export {
  addMonths,
  count,
  dateWithWeekday,
  dayOf,
  fileSize,
  daysBetween,
  lateness,
  moment,
  monthName,
  perTenThousand,
  shortDate,
  shortMonth,
  yuan,
} from "./format.ts";
export { Icon } from "./Icon.tsx";
export { Law } from "./Law.tsx";
export { useLeaveMark, useLeftOffList } from "./left-off.ts";
export { Link } from "./Link.tsx";
export { MaskedValue } from "./MaskedValue.tsx";
export { navCount, type WebModule } from "./module.ts";
export { Outcome } from "./Outcome.tsx";
export { OwnerActs } from "./OwnerActs.tsx";
export { PageHeader, type Crumb } from "./PageHeader.tsx";
export { useMayOpen, useModules, usePersonPanels, useSampleFiles } from "./modules.tsx";
export { useAct, useRefresh, useRoute } from "./query.ts";
export { RegionPicker } from "./RegionPicker.tsx";
export { useRemembered } from "./remembered.ts";
export { ServerTable } from "./ServerTable.tsx";
export {
  holds,
  May,
  PASSWORD_PATH,
  SECURITY_PATH,
  SIGN_IN_PATH,
  useMay,
  useSession,
  useSessionControl,
  type Session,
} from "./session.tsx";
export { RunningTask } from "./RunningTask.tsx";
export { SearchBox } from "./shell/SearchBox.tsx";
export { startApp } from "./app.tsx";
export { Answer, EmptyState, Loading, ProblemNotice } from "./states.tsx";
export { StatusTag, type Tone } from "./StatusTag.tsx";
export { Steps, type Step } from "./Steps.tsx";
export { TaskProgress } from "./TaskProgress.tsx";
export { CountText, DateText, DueText, MoneyText, MomentText } from "./text.tsx";
export {
  TimelineChart,
  TimelineSwitch,
  useTimelineTable,
  type TimelineLane,
  type TimelineSpan,
} from "./TimelineChart.tsx";
export { useToast } from "./toast.ts";
export { UploadBox } from "./UploadBox.tsx";
export { ColumnMapping } from "./ColumnMapping.tsx";
export {
  confirmedSheets,
  groupSheets,
  initialChoice,
  missingFields,
  type GroupChoice,
  type SheetGroup,
} from "./column-mapping.ts";

export { useAddress, useGo, usePathPart, writeAddress } from "./address.ts";
export { ActFooter, type ActFooterProps } from "./ActFooter.tsx";
export { Bar } from "./Bar.tsx";
export { Card, type CardProps } from "./Card.tsx";
export { addressOf, call, download, ProblemError, upload } from "./client.ts";
export { ChangeList, ConfirmAct, type Change, type ConfirmActProps } from "./ConfirmAct.tsx";
export { DataTable, type Column, type DataTableProps, type Selection } from "./DataTable.tsx";
export { DateField } from "./DateField.tsx";
export { FigureStrip, type Figure } from "./FigureStrip.tsx";
export { FilterBar, type Filter } from "./FilterBar.tsx";
export {
  addMonths,
  count,
  dateWithWeekday,
  dayOf,
  daysBetween,
  fileSize,
  lateness,
  moment,
  monthName,
  perTenThousand,
  shortDate,
  shortMonth,
  tenThousands,
  yuan,
  type Lateness,
} from "./format.ts";
export { Icon, type IconName } from "./Icon.tsx";
export { Law } from "./Law.tsx";
export { useLeaveMark, useLeftOffList, type LeftOff } from "./left-off.ts";
export { Link } from "./Link.tsx";
export { MaskedValue, type MaskedValueProps } from "./MaskedValue.tsx";
export {
  navCount,
  type CountSource,
  type NavEntry,
  type NavGroup,
  type Notice,
  type NoticeSource,
  type PersonPanel,
  type SearchHit,
  type SearchSource,
  type StandingSource,
  type WebModule,
  type WebPage,
} from "./module.ts";
export { PageHeader, type Crumb, type PageHeaderProps } from "./PageHeader.tsx";
export { useModules, usePersonPanels } from "./modules.tsx";
export { useAct, useRefresh, useRoute } from "./query.ts";
export { RegionPicker, type RegionNode, type RegionPickerProps, type RegionSource } from "./RegionPicker.tsx";
export { useRemembered } from "./remembered.ts";
export { ServerTable, type ServerTableProps } from "./ServerTable.tsx";
export { holds, May, SIGN_IN_PATH, useMay, useSession, useSessionControl, type Session, type SessionControl } from "./session.tsx";
export { SearchBox } from "./shell/SearchBox.tsx";
export { startApp, type AppOptions, type SessionSource } from "./app.tsx";
export { Answer, EmptyState, Loading, ProblemNotice } from "./states.tsx";
export { StatusTag, type Tone } from "./StatusTag.tsx";
export { Steps, type Step } from "./Steps.tsx";
export { TaskProgress, type TaskState } from "./TaskProgress.tsx";
export { CountText, DateText, DueText, MoneyText, MomentText } from "./text.tsx";
export { TimelineChart, TimelineSwitch, useTimelineTable, type TimelineChartProps, type TimelineEvent, type TimelineLane, type TimelineSpan } from "./TimelineChart.tsx";
export { useToast } from "./toast.ts";
export { UploadBox, type UploadBoxProps } from "./UploadBox.tsx";

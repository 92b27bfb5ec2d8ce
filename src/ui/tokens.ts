import type { ThemeConfig } from "antd";

/**
 * The one place where colours and sizes are written. Components of antd get them through `antdTheme`,
 * our own style sheets through the custom properties of `installTokens` (`--ink`, `--space3` …).
 * Contrasts are those measured for WCAG 2.2 AA: every text colour reaches 4.5 on every tint it may stand on.
 */
export const palette = {
  ink: "#17212e",
  ink2: "#3b4757",
  ink3: "#566273",
  line: "#e1e5eb",
  line2: "#c4cbd5",
  /** Borders of fields and check boxes, icons: 3.2 on white, as a control must have. */
  control: "#8792a2",
  bg: "#f2f4f7",
  sunk: "#f7f8fa",
  surface: "#ffffff",
  law: "#fcfbf8",
  track: "#e4e8ee",
  neutralTint: "#eef1f5",
  blue: "#1e5399",
  blueDark: "#17427c",
  blueTint: "#eaf1f9",
  blueLight: "#bfd3ea",
  blueStep: "#5f8fc6",
  red: "#b3261e",
  redTint: "#fcefed",
  redLight: "#efbdb8",
  amber: "#855000",
  amberMark: "#c77b0c",
  amberTint: "#fff5e2",
  amberLight: "#ecd3a4",
  green: "#256a43",
  greenMark: "#3f8a62",
  greenTint: "#ebf5ef",
} as const;

export const sizes = {
  space1: "4px",
  space2: "8px",
  space3: "12px",
  space4: "16px",
  space5: "20px",
  topBar: "44px",
  navigation: "164px",
  row: "34px",
  tableHead: "28px",
  cardHead: "38px",
  radius: "4px",
  radiusTag: "2px",
  /** Only what floats has a shadow: menus, dialogs, the footer over a scrolling page. */
  shadow: "0 4px 16px rgb(23 33 46 / 14%)",
  shadowUp: "0 -4px 12px rgb(23 33 46 / 6%)",
  veil: "rgb(23 33 46 / 45%)",
} as const;

const sans = `"Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif`;
const serif = `"Noto Serif CJK SC","Source Han Serif SC","Songti SC",SimSun,serif`;
const mono = `"Noto Sans Mono",Consolas,Menlo,monospace`;

export const antdTheme: ThemeConfig = {
  hashed: false,
  token: {
    colorPrimary: palette.blue,
    colorPrimaryHover: palette.blueDark,
    colorPrimaryActive: palette.blueDark,
    colorPrimaryBg: palette.blueTint,
    colorInfo: palette.blue,
    colorInfoBg: palette.blueTint,
    colorLink: palette.blue,
    colorLinkHover: palette.blueDark,
    colorSuccess: palette.green,
    colorSuccessBg: palette.greenTint,
    colorWarning: palette.amberMark,
    colorWarningText: palette.amber,
    colorWarningBg: palette.amberTint,
    colorError: palette.red,
    colorErrorBg: palette.redTint,
    colorText: palette.ink,
    colorTextSecondary: palette.ink2,
    colorTextTertiary: palette.ink3,
    colorTextQuaternary: palette.ink3,
    colorTextPlaceholder: palette.ink3,
    colorTextDescription: palette.ink3,
    colorIcon: palette.ink3,
    colorBorder: palette.control,
    colorBorderSecondary: palette.line2,
    colorSplit: palette.line,
    colorBgLayout: palette.bg,
    colorFillAlter: palette.sunk,
    fontFamily: sans,
    fontSize: 14,
    fontSizeSM: 13,
    lineHeight: 22 / 14,
    borderRadius: 4,
    borderRadiusSM: 4,
    borderRadiusLG: 4,
    controlHeight: 32,
    controlHeightSM: 26,
    fontWeightStrong: 700,
    boxShadow: sizes.shadow,
    boxShadowSecondary: sizes.shadow,
    lineWidthFocus: 2,
    controlOutlineWidth: 0,
    motion: false,
  },
  components: {
    Button: {
      primaryShadow: "none",
      defaultShadow: "none",
      dangerShadow: "none",
      defaultBorderColor: palette.line2,
      fontWeight: 400,
      paddingInlineSM: 10,
      contentFontSizeSM: 13,
    },
    Modal: { titleFontSize: 16 },
    Pagination: { itemSize: 28 },
    Tooltip: { colorBgSpotlight: palette.ink },
    Form: { labelColor: palette.ink2, itemMarginBottom: 16, verticalLabelPadding: "0 0 4px" },
    Select: { optionSelectedBg: palette.blueTint, optionSelectedColor: palette.blueDark },
  },
};

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Publishes the tokens as custom properties of the document, for style sheets. Called once, before the first paint. */
export function installTokens(root: HTMLElement): void {
  for (const [name, value] of Object.entries({ ...palette, ...sizes, sans, serif, mono }))
    root.style.setProperty(`--${kebab(name)}`, value);
}

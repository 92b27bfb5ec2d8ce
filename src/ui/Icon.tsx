/** Line icons on a 16-grid, drawn with the pen of the mock-ups; the component library's own set is heavier and looks different. */
const paths = {
  search: "M11.5 7a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0ZM10.5 10.5 14 14",
  bell: "M8 2a4 4 0 0 0-4 4v3l-1 2h10l-1-2V6a4 4 0 0 0-4-4ZM6.5 13.5h3",
  person: "M10.8 5.5a2.8 2.8 0 1 1-5.6 0 2.8 2.8 0 0 1 5.6 0ZM2.8 14a5.2 5.2 0 0 1 10.4 0",
  down: "m4 6 4 4 4-4",
  right: "m6 4 4 4-4 4",
  arrow: "M2.5 8h11M9.5 4l4 4-4 4",
  check: "m3 8.5 3.2 3.2L13 4.8",
  cross: "m4 4 8 8M12 4l-8 8",
  clock: "M13.5 8a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0ZM8 5v3l2 1.5",
  download: "M8 2v8M4.5 7 8 10.5 11.5 7M3 13.5h10",
  upload: "M8 10.5v-8M4.5 6 8 2.5 11.5 6M3 13.5h10",
  undo: "M3 6h6.5a3.5 3.5 0 0 1 0 7H6M3 6l3-3M3 6l3 3",
  columns: "M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10",
  filter: "M2.5 4h11M4.5 8h7M6.5 12h3",
  menu: "M2.5 4h11M2.5 8h11M2.5 12h11",
  phone:
    "M4.5 2h2l1 3-1.4 1a7 7 0 0 0 3.9 3.9L11 8.5l3 1v2c0 1-.8 1.7-1.7 1.6C7.5 12.8 3.2 8.5 2.9 3.7 2.8 2.8 3.5 2 4.5 2Z",
  print: "M4.5 6V2.5h7V6M4.5 11h-2V6h11v5h-2M4.5 9.5h7v4h-7z",
  plus: "M8 3v10M3 8h10",
  warning: "M8 2.5 14 13H2ZM8 6.5v3M8 11.2v.3",
  file: "M4 2h5l3 3v9H4zM9 2v3h3",
  refresh: "M13 8a5 5 0 1 1-1.6-3.7M13 2.5v2.8h-2.8",
} as const;

export type IconName = keyof typeof paths;

/** Decoration beside a word: hidden from screen readers, the word says the same. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      style={{ flex: "none", verticalAlign: "-3px" }}
    >
      <path d={paths[name]} />
    </svg>
  );
}

import type { ComponentType } from "react";
import type { OutputOf, RequestOf, Route } from "../platform/contract.ts";
import { call, type CallOptions } from "./client.ts";
import type { Session } from "./session.tsx";

/** What a domain gives to the screen. `web/index.tsx` of the domain default-exports one; `src/web.tsx` lists them. */
export interface WebModule {
  readonly name: string;
  readonly nav?: readonly NavEntry[];
  readonly pages: readonly WebPage[];
  /** Cards on the person page, sorted by `order` within their slot. */
  readonly personPanels?: readonly PersonPanel[];
  /** What the bell shows. */
  readonly notices?: NoticeSource;
  /** Answers of the search box at the top (key "/"). */
  readonly search?: SearchSource;
  /** Lines at the foot of the navigation: how current the data are. */
  readonly standing?: StandingSource;
  /** Files to try the program with, offered where files are received; only in a demonstration. */
  readonly sampleFiles?: SampleFileSource;
  /** Where an officer asks for a list that needs a second officer's approval. */
  readonly exportDesk?: ExportDesk;
  /** Lines of the menu under the officer's name: 修改密码. */
  readonly userMenu?: readonly { readonly label: string; readonly path: string }[];
}

export const navGroups = ["home", "duty", "rules", "administration"] as const;
export type NavGroup = (typeof navGroups)[number];
export const navGroupLabels: Record<NavGroup, string> = {
  home: "",
  duty: "按职责",
  rules: "规则与调度",
  administration: "管理",
};

export interface NavEntry {
  readonly group: NavGroup;
  readonly label: string;
  /** What is done there, for the home of those who have nothing else on it. */
  readonly about?: string;
  /** Address of the page; the entry is the current one on all addresses below it. */
  readonly path: string;
  /** Shown to holders of this permission, or of any of these; without it, to everyone signed in. */
  readonly permission?: string | readonly string[];
  readonly order: number;
  /** What waits there: a grey number, or a red one when something is late. */
  readonly count?: CountSource;
}

export interface CountSource {
  readonly key: readonly unknown[];
  /** Only counted for its holders; default: whoever sees the entry. */
  readonly permission?: string;
  load(asked: CallOptions): Promise<{ waiting: number; late: boolean }>;
}

/** `navCount(listTasks, { page: 1, size: 1 }, (page) => ({ waiting: page.total, late: false }))` */
export function navCount<R extends Route & { kind: "query" }>(
  route: R,
  input: RequestOf<R>,
  read: (output: OutputOf<R>) => { waiting: number; late: boolean },
): CountSource {
  return { key: [route.path, input, "count"], load: async (asked) => read(await call(route, input, asked)) };
}

export interface WebPage {
  /** Address with `$name` parts: "/ledger/$batchId". Read them with `usePathPart("batchId")`. */
  readonly path: string;
  /** Title of the browser's tab: the page's own `PageHeader` may be longer. */
  readonly title: string;
  /** `() => import("./BatchPage.tsx")`: each page is a file of its own, loaded when first opened. */
  readonly load: () => Promise<{ default: ComponentType }>;
  /** Without the permission the page says so, and whom to ask. */
  readonly permission?: string | readonly string[];
  /** "bare": no bars around it (sign-in). Default "shell". */
  readonly layout?: "shell" | "bare";
  /** Reachable without being signed in. */
  readonly open?: boolean;
}

export const personPanelSlots = ["main", "side"] as const;
export interface PersonPanel {
  readonly slot: (typeof personPanelSlots)[number];
  readonly order: number;
  readonly permission?: string;
  readonly component: ComponentType<{ personId: string }>;
}

export interface Notice {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly path: string;
  readonly tone: "late" | "soon" | "plain";
}
export interface NoticeSource {
  readonly key: readonly unknown[];
  readonly permission?: string | readonly string[];
  load(asked: CallOptions): Promise<readonly Notice[]>;
}

export interface SearchHit {
  readonly id: string;
  readonly title: string;
  /** Masked number, village …: what tells two people of one name apart. */
  readonly note: string;
  readonly path: string;
  readonly group: string;
}
export interface SearchSource {
  readonly permission: string;
  load(text: string, signal: AbortSignal): Promise<readonly SearchHit[]>;
  /** The list with all results, opened by Enter; null when the text must not stand in an address (numbers of persons). */
  allResults?(text: string): string | null;
}

export interface SampleFile {
  readonly key: string;
  readonly name: string;
  readonly bytes: number;
  /** What to say it is when receiving it. */
  readonly kind: string;
  readonly month: string;
  readonly download: () => Promise<void>;
}
export interface SampleFileSource {
  readonly key: readonly unknown[];
  load(signal: AbortSignal): Promise<readonly SampleFile[]>;
}

export interface ExportDesk {
  /** Code of the refusal after which the list may be asked for. */
  readonly refusal: string;
  /** Page where requests are followed. */
  readonly path: string;
  ask(route: Route, input: Readonly<Record<string, unknown>>): Promise<{ readonly number: string }>;
}

export interface StandingSource {
  readonly key: readonly unknown[];
  readonly permission?: string;
  load(signal: AbortSignal, session: Session): Promise<readonly string[]>;
}

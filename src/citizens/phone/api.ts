/** Asks this server. Schemas stay there: the page carries only the types of what comes back. */
import type { WhoEntered } from "../contract.ts";

export interface Refused {
  readonly status: number;
  readonly message: string;
  readonly field: string;
}

let csrf = "";
/** Whose session it was when the page was drawn: what was typed is not sent for anybody else. */
let current: WhoEntered["account"] = null;
export function setAccount(account: WhoEntered["account"]): void {
  csrf = account ? account.csrf : "";
  current = account;
}

/** Who is signed in by now; the page that asks shows what is his. */
export async function whoIs(): Promise<WhoEntered> {
  const entered = await read<WhoEntered>("me");
  setAccount(entered.account);
  return entered;
}

const sameAs = (one: WhoEntered["account"], other: WhoEntered["account"]): boolean =>
  one !== null &&
  other !== null &&
  one.phoneMask === other.phoneMask &&
  one.name === other.name &&
  (one.enterprise && one.enterprise.name) === (other.enterprise && other.enterprise.name);

/** After somebody has signed in anew under a form: as who he was before. False: it is somebody else, whose the form is not. */
export async function whoIsAgain(): Promise<boolean> {
  const before = current;
  const { account } = await whoIs();
  const enterprise = before && before.enterprise;
  const member =
    enterprise &&
    account &&
    account.memberships.filter(({ employerName, state }) => employerName === enterprise.name && state === "active")[0];
  if (member) {
    await send("acting", { employerId: member.employerId });
    await whoIs();
  }
  return sameAs(before, current);
}

export class RefusedError extends Error {
  readonly refused: Refused;
  constructor(refused: Refused) {
    super(refused.message);
    this.refused = refused;
  }
}

async function reach<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(`/api/citizen/${path}`, { credentials: "same-origin", ...init }).catch(() => {
    const lost = init.method === "POST" && path.slice(-4) !== "link";
    const message = `连不上服务器${lost ? "，刚才的没有提交上去，填的内容还在" : ""}。请检查网络，再试一次。`;
    throw new RefusedError({ status: 0, message, field: "" });
  });
  const body = (await response.json().catch(() => ({}))) as { message?: string; path?: string[] };
  if (!response.ok) {
    const message = body.message || "服务器没有回答，请稍后重试。";
    throw new RefusedError({ status: response.status, message, field: (body.path || []).slice(-1)[0] || "" });
  }
  return body as T;
}

const BUSY_WAITS_MS = [1500, 4000] as const;

/** What only reads is asked for again where the server was busy. */
export async function read<T>(path: string): Promise<T> {
  const once = () => reach<T>(path, { headers: { accept: "application/json" } });
  for (const wait of BUSY_WAITS_MS) {
    try {
      return await once();
    } catch (cause) {
      if (!(cause instanceof RefusedError) || cause.refused.status !== 503) throw cause;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  return once();
}

export function send<T>(path: string, body: Readonly<Record<string, unknown>>): Promise<T> {
  return reach<T>(path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-csrf-token": csrf },
    body: JSON.stringify(body),
  });
}

const MOST_BYTES = 10 * 1024 * 1024;

/** Refuses before it is sent what would be refused after minutes of sending. */
function checkFile({ size, type, name }: File): void {
  const said = (message: string) => new RefusedError({ status: 422, message, field: "file" });
  if (size > MOST_BYTES)
    throw said(
      `“${name}”有 ${(size / 1024 / 1024).toFixed(1)} MB，超过 10 MB，没有上传。请把照片拍小一些，或分成几份再传。`,
    );
  if (size === 0) throw said(`“${name}”是空的，没有上传。请重新选择。`);
  if (/^(video|audio|text)\//.test(type)) throw said(`“${name}”不是照片或文档，没有上传。请选照片或 PDF。`);
}

/** Fields precede the file: the server reads the form as a stream. */
export async function sendFile<T>(path: string, fields: Readonly<Record<string, string>>, file: File): Promise<T> {
  checkFile(file);
  const form = new FormData();
  Object.keys(fields).forEach((name) => form.append(name, fields[name]!));
  form.append("file", file, file.name);
  return reach<T>(path, { method: "POST", headers: { "x-csrf-token": csrf }, body: form });
}

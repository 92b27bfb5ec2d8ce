/** Asks this server. Schemas stay there: the page carries only the types of what comes back. */

export interface Refused {
  readonly status: number;
  readonly message: string;
  readonly field: string;
}

let csrf = "";
export function setToken(token: string): void {
  csrf = token;
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
    throw new RefusedError({ status: 0, message: "连不上服务器，刚才的操作没有提交。请检查网络后重试。", field: "" });
  });
  const body = (await response.json().catch(() => ({}))) as { message?: string; path?: string[] };
  if (!response.ok) {
    const message = body.message || "服务器没有回答，请稍后重试。";
    throw new RefusedError({ status: response.status, message, field: (body.path || [])[0] || "" });
  }
  return body as T;
}

export function read<T>(path: string): Promise<T> {
  return reach<T>(path, { headers: { accept: "application/json" } });
}

export function send<T>(path: string, body: Readonly<Record<string, unknown>>): Promise<T> {
  return reach<T>(path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-csrf-token": csrf },
    body: JSON.stringify(body),
  });
}

/** Fields precede the file: the server reads the form as a stream. */
export function sendFile<T>(path: string, fields: Readonly<Record<string, string>>, file: File): Promise<T> {
  const form = new FormData();
  Object.keys(fields).forEach((name) => form.append(name, fields[name]!));
  form.append("file", file, file.name);
  return reach<T>(path, { method: "POST", headers: { "x-csrf-token": csrf }, body: form });
}

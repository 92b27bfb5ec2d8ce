/**
 * What can go wrong between the program and its own database, as data: a code for programs, a Chinese sentence that
 * says what to do for the person in front of the terminal, and the end of the server's own log for whoever is called.
 */
export type PostgresProblemCode =
  | "binaries-missing"
  | "binaries-broken"
  | "data-folder-denied"
  | "data-folder-unreachable"
  | "other-major"
  | "disk-full"
  | "initdb-failed"
  | "start-failed"
  | "start-timeout"
  | "password-refused"
  | "password-missing"
  | "address-refused"
  | "memory-refused"
  | "busy"
  | "stop-timeout";

export class PostgresProblem extends Error {
  override readonly name = "PostgresProblem";
  readonly code: PostgresProblemCode;
  /** The last lines the server or initdb wrote; empty when neither ran. English, as PostgreSQL writes it. */
  readonly log: string;

  constructor(code: PostgresProblemCode, sentence: string, log = "") {
    super(log === "" ? sentence : `${sentence}\n数据库日志末尾：\n${log}`);
    this.code = code;
    this.log = log;
  }
}

export const binariesMissing = (wanted: string) =>
  new PostgresProblem(
    "binaries-missing",
    `没有找到 PostgreSQL 程序（${wanted}）。请重新执行 npm ci（不要加 --omit=optional）；` +
      "若本机系统没有对应的程序包，请安装 PostgreSQL 15–18，并用环境变量 WENGANG_POSTGRES_BIN 指明其 bin 目录，或用 DATABASE_URL 连接已有的数据库。",
  );

export const binariesBroken = (bin: string, output: string) =>
  new PostgresProblem(
    "binaries-broken",
    `PostgreSQL 程序无法运行（${bin}）。请删除 node_modules 后重新执行 npm ci；Alpine 等 musl 系统和 glibc 2.27 以前的系统不受支持，请改用 DATABASE_URL 连接已有的数据库。`,
    output,
  );

export const dataFolderDenied = (folder: string, reason: string, log = "") =>
  new PostgresProblem(
    "data-folder-denied",
    `数据目录 ${folder} 不能读写（${reason}）。请确认目录属于当前用户，且不要在管理员与普通用户之间交替启动；也可用 WENGANG_DATA 换一个目录。`,
    log,
  );

export const dataFolderUnreachable = (folder: string, account: string) =>
  new PostgresProblem(
    "data-folder-unreachable",
    `数据库不能以 root 身份运行，而 ${account} 用户进不了数据目录 ${folder}（上级目录不许其他用户进入）。` +
      "请以普通用户启动，或用 WENGANG_DATA 指定一个可进入的目录，例如 WENGANG_DATA=/var/lib/wengang。",
  );

export const otherMajor = (folder: string, dataMajor: number, programMajor: number) =>
  new PostgresProblem(
    "other-major",
    `数据目录 ${folder} 由 PostgreSQL ${dataMajor} 建立，本程序带的是 PostgreSQL ${programMajor}，两者不能混用，数据没有改动。` +
      `请用 WENGANG_POSTGRES_BIN 指明 PostgreSQL ${dataMajor} 的 bin 目录启动，完成备份后在新目录中恢复。`,
  );

export const diskFull = (folder: string, log = "") =>
  new PostgresProblem(
    "disk-full",
    `数据目录 ${folder} 所在磁盘空间不足（新建至少需要 300 MB）。请清理磁盘或用 WENGANG_DATA 换到空间充足的磁盘后再启动，已保存的数据没有丢失。`,
    log,
  );

export const initdbFailed = (folder: string, log: string) =>
  new PostgresProblem(
    "initdb-failed",
    `无法在 ${folder} 新建数据库。请按下面的日志排除原因后重新启动；未完成的文件会自动清理。`,
    log,
  );

const startFailed = (logFile: string, log: string) =>
  new PostgresProblem("start-failed", `数据库启动失败。请查看日志 ${logFile}，排除原因后重新启动。`, log);

export const startTimeout = (logFile: string, seconds: number, log: string) =>
  new PostgresProblem(
    "start-timeout",
    `数据库在 ${seconds} 秒内没有就绪。断电或强行关机后恢复可能需要更久，请稍候再启动；若反复出现，请查看日志 ${logFile}。`,
    log,
  );

export const passwordRefused = (passwordFile: string) =>
  new PostgresProblem(
    "password-refused",
    `数据库拒绝了口令文件 ${passwordFile} 中的口令。请停止所有稳岗程序，删除这个口令文件后重新启动，程序会重设口令，数据不受影响。`,
  );

export const passwordMissing = (passwordFile: string) =>
  new PostgresProblem(
    "password-missing",
    `数据库正在运行，但口令文件 ${passwordFile} 不见了。请停止所有稳岗程序后重新启动，程序会重设口令，数据不受影响。`,
  );

const addressRefused = (folder: string, log: string) =>
  new PostgresProblem(
    "address-refused",
    `数据库打不开它的连接地址（端口被占用或被安全软件拦截，或 ${folder} 不能建立套接字文件）。请关闭占用的程序或放行后重新启动。`,
    log,
  );

const memoryRefused = (log: string) =>
  new PostgresProblem(
    "memory-refused",
    "操作系统没有给数据库足够的共享内存。请关闭其他占用内存的程序，或在容器设置中增加内存与 /dev/shm 后重新启动。",
    log,
  );

export const folderBusy = (folder: string, seconds: number) =>
  new PostgresProblem(
    "busy",
    `另一个稳岗程序正在启动或停止 ${folder} 中的数据库，等候 ${seconds} 秒仍未结束。请稍后再试。`,
  );

export const stopTimeout = (folder: string, pid: number) =>
  new PostgresProblem(
    "stop-timeout",
    `${folder} 中的数据库（进程 ${pid}）没有按时停止。数据是安全的；请确认该进程结束后再移动或备份数据目录。`,
  );

/** Turns what the server wrote before it died into the problem an operator can act on. Relies on lc_messages=C. */
export function explainStartFailure(folder: string, logFile: string, log: string): PostgresProblem {
  if (/No space left on device|Disk quota exceeded/i.test(log)) return diskFull(folder, log);
  if (/could not (create any Unix-domain sockets|create any TCP\/IP sockets|bind)/i.test(log)) {
    return addressRefused(folder, log);
  }
  if (/could not (create|map|resize).* shared memory|Cannot allocate memory|out of memory/i.test(log)) {
    return memoryRefused(log);
  }
  if (/Permission denied|wrong ownership|invalid permissions|Operation not permitted/i.test(log)) {
    return dataFolderDenied(folder, log.trim().split("\n").at(-1) ?? "", log);
  }
  return startFailed(logFile, log);
}

import type { Problem } from "../platform/problem.ts";

export const backupProblems = {
  notABackup: (path: string): Problem => ({
    code: "backup.not-a-backup",
    status: 422,
    message: `${path} 不是稳岗的备份文件，或文件开头已损坏。没有写入任何内容；请换一份备份。`,
  }),
  damaged: (path: string): Problem => ({
    code: "backup.damaged",
    status: 422,
    message: `备份文件 ${path} 已损坏或不完整，不能用于恢复。没有写入任何内容；请换另一份备份，并检查存放备份的磁盘。`,
  }),
  wrongKey: (theirs: string, ours: string): Problem => ({
    code: "backup.wrong-key",
    status: 422,
    message: `备份由主密钥 ${theirs} 加密，密钥目录中的是 ${ours}，无法打开。没有写入任何内容；请把制作备份时的主密钥放回密钥目录（WENGANG_KEYS）后重试。`,
  }),
  newerVersion: (unknown: string): Problem => ({
    code: "backup.newer-version",
    status: 422,
    message: `备份由更新版本的程序制作（含有本程序没有的 ${unknown}），不能恢复到旧版本。没有写入任何内容；请先安装备份时的版本或更新的版本。`,
  }),
  otherVersion: (migration: string): Problem => ({
    code: "backup.other-version",
    status: 422,
    message: `备份中的数据结构 ${migration} 与本程序的不同，可能不是同一发布版本。没有写入任何内容；请用正式发布的版本恢复。`,
  }),
  notEmpty: (where: string): Problem => ({
    code: "backup.not-empty",
    status: 409,
    message: `${where} 中已有数据，恢复只能在空的安装中进行。没有写入任何内容；请用 WENGANG_DATA 或 DATABASE_URL 指向空的位置，或先把原有数据移走。`,
  }),
  fileExists: (path: string): Problem => ({
    code: "backup.file-exists",
    status: 409,
    message: `文件 ${path} 已存在，备份不会覆盖它。请换一个文件名。`,
  }),
  contentsDiffer: (table: string): Problem => ({
    code: "backup.contents-differ",
    status: 422,
    message: `表 ${table} 恢复后的行数与备份清单不符，恢复已取消，目标中的内容已清除。请重试；若再次出现，请换一份备份。`,
  }),
  running: (): Problem => ({
    code: "backup.running",
    status: 409,
    message: "另一次备份正在进行，请等它完成后再试。",
  }),
} as const;

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, open, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, expect, test } from "vitest";
import { problemOfFile, readGivenFile } from "./faults.ts";

const folder = mkdtempSync(join(tmpdir(), "wengang-faults-"));
const file = join(folder, "表.csv");
writeFileSync(file, "姓名\n");
afterAll(() => rmSync(folder, { recursive: true }));

const saidOf = async (act: Promise<unknown>) =>
  act.then(
    () => "",
    (cause) => problemOfFile(cause)?.message,
  );

test("what the system refuses is a sentence with the path", async () => {
  const missing = join(folder, "无");
  expect(await saidOf(readFile(missing))).toBe(`没有找到 ${missing}，请核对路径。`);
  expect(await saidOf(readFile(join(file, "下")))).toContain("当中有一段不是文件夹");
  expect(await saidOf(readFile(folder))).toBe("给出的路径是文件夹，这里要的是文件。");
  expect(await saidOf(open(file, "wx"))).toBe(`${file} 已经存在，请换一个名称或位置。`);
  expect(await saidOf(mkdir(file))).toContain("已经存在");
});

test.each(["EACCES", "EPERM", "EROFS", "ENOSPC"])("%s has a sentence of its own", (code) => {
  expect(problemOfFile(Object.assign(new Error(), { code, path: "/位置" }))?.message).toMatch(/权限|只能读|磁盘已满/u);
});

test("a server that does not answer is no file of the user's, nor is any other fault", () => {
  expect(
    problemOfFile(Object.assign(new Error(), { code: "ENOENT", syscall: "connect", path: "/socket" })),
  ).toBeUndefined();
  expect(problemOfFile(Object.assign(new Error(), { code: "ENOENT", syscall: "spawn git" }))).toBeUndefined();
  expect(problemOfFile(new Error("fault"))).toBeUndefined();
});

test("a named file is open before anybody reads it, so that a missing one is told and not thrown at nobody", async () => {
  await expect(readGivenFile(join(folder, "无"))).rejects.toMatchObject({ code: "ENOENT" });
  expect(await saidOf(readGivenFile(folder))).toBe(`给出的路径 ${folder} 是文件夹，这里要的是文件。`);
  expect(await text(await readGivenFile(file))).toBe("姓名\n");
});

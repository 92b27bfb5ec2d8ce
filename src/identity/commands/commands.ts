import type { Command } from "commander";
import { choiceOption } from "../../platform/command-words.ts";
import { recordEntry } from "#audit";
import type { Tx } from "../../platform/db/database.ts";
import type { Services } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { operatorName } from "../acting.ts";
import { insertOfficer, regionPath, updateOfficer } from "../accounts/store.ts";
import { createOfficer, createOrganisation, departmentLabels, departments, duties, dutyLabels } from "../contract.ts";
import { identityProblems } from "../problems.ts";
import { hashPassword, oneTimePassword } from "../sessions/passwords.ts";
import { officerSubject } from "../subjects.ts";
import { endSessions, ensureOrganisation, findUser, usersOf, type NamedUser } from "./store.ts";

interface Output {
  json?: boolean;
}

interface NewUser extends Output {
  login: string;
  name: string;
  organisation: string;
  department: string;
  region: string;
  duty: string[];
}

type Open = () => Promise<Services>;

/** `wengang user …`: how the first administrators of an installation come to be, and the way back in when all are locked out. */
export function addUserCommands(program: Command, open: Open): void {
  const user = program.command("user").description("管理账号（首批管理员在此建立）");
  user
    .command("create")
    .description("新增用户，显示一次性密码")
    .requiredOption("--login <登录名>", "3 至 40 位小写字母、数字、点、下划线或短横线")
    .requiredOption("--name <姓名>")
    .requiredOption("--organisation <单位>", "没有时自动新增")
    .requiredOption("--region <区划代码>", "单位和负责区域，如 433124")
    .addOption(choiceOption("--duty <职责...>", duties, dutyLabels).makeOptionMandatory())
    .addOption(choiceOption("--department <部门>", departments, departmentLabels).default("human-resources"))
    .option("--json", "以 JSON 输出")
    .action((options: NewUser) => create(open, options));
  user
    .command("list")
    .description("列出用户")
    .option("--region <区划代码>", "只列该区域", "")
    .option("--json", "以 JSON 输出")
    .action((options: Output & { region: string }) => list(open, options));
  user
    .command("reset-password")
    .description("重置密码并解锁，显示一次性密码")
    .argument("<登录名>")
    .option("--json", "以 JSON 输出")
    .action((login: string, options: Output) => resetPassword(open, login, options));
  user
    .command("deactivate")
    .description("停用用户并强制下线")
    .argument("<登录名>")
    .option("--json", "以 JSON 输出")
    .action((login: string, options: Output) => deactivate(open, login, options));
}

async function create(open: Open, options: NewUser): Promise<void> {
  const { name, department, region } = parsed(
    createOrganisation.input.safeParse({ ...options, name: options.organisation }),
  );
  const officer = parsed(createOfficer.input.safeParse({ ...options, organisationId: "0", duties: options.duty }));
  const password = oneTimePassword();
  const passwordHash = await hashPassword(password);
  await asOperator(open, async (tx) => {
    if ((await regionPath(tx, region)).at(-1)?.code !== region) refuse(identityProblems.regionUnknown(region));
    const organisation = await ensureOrganisation(tx, { name, department, region });
    const officerId = await insertOfficer(tx, { ...officer, organisation, passwordHash, approved: true });
    if (officerId === null) return refuse(identityProblems.loginTaken(officer.login));
    await record(
      tx,
      createOfficer.summary,
      { officer_id: officerId, region },
      {
        login: officer.login,
        duties: officer.duties.map((duty) => dutyLabels[duty]),
      },
    );
  });
  print(
    options,
    { login: officer.login, oneTimePassword: password },
    `已新增用户 ${officer.login}。一次性密码（首次登录须修改）：${password}`,
  );
}

async function list(open: Open, options: Output & { region: string }): Promise<void> {
  const users = await asOperator(open, (tx) => usersOf(tx, options.region));
  const lines = users.map((user) => {
    const state = !user.active ? "已停用" : user.locked ? "已锁定" : "正常";
    const held = user.duties.map((duty) => dutyLabels[duty as keyof typeof dutyLabels]).join("、");
    return [user.login, user.name, user.organisation, user.region, held, state, user.lastSignIn ?? "从未登录"].join(
      "\t",
    );
  });
  print(options, users, lines.join("\n") || "还没有用户。用 wengang user create 新增。");
}

async function resetPassword(open: Open, login: string, options: Output): Promise<void> {
  const password = oneTimePassword();
  const passwordHash = await hashPassword(password);
  await changeUser(open, login, "重置用户密码", (tx, user) =>
    updateOfficer(tx, user.officer_id, { passwordHash, locked: false, forgiven: true }),
  );
  print(
    options,
    { login, oneTimePassword: password },
    `已重置 ${login} 的密码并解锁。一次性密码（登录后须修改）：${password}`,
  );
}

async function deactivate(open: Open, login: string, options: Output): Promise<void> {
  await changeUser(open, login, "停用用户", (tx, user) => updateOfficer(tx, user.officer_id, { active: false }));
  print(options, { login, active: false }, `已停用 ${login} 并强制下线。`);
}

async function changeUser(
  open: Open,
  login: string,
  act: string,
  change: (tx: Tx, user: NamedUser) => Promise<void>,
): Promise<void> {
  await asOperator(open, async (tx) => {
    const user = await findUser(tx, login);
    if (!user) return refuse(platformProblems.notFound(`登录名为 ${login} 的用户`));
    await change(tx, user);
    await endSessions(tx, user.officer_id);
    await record(tx, act, user, { login });
  });
}

async function asOperator<T>(open: Open, work: (tx: Tx) => Promise<T>): Promise<T> {
  const { database } = await open();
  return database.worker.transaction().execute(work);
}

function record(
  tx: Tx,
  act: string,
  user: { officer_id: string; region: string },
  detail: Record<string, unknown>,
): Promise<void> {
  return recordEntry(tx, {
    kind: "change",
    act,
    outcome: "done",
    officerId: null,
    officerName: operatorName(),
    organisation: "",
    region: user.region,
    subject: officerSubject(user.officer_id),
    detail,
  });
}

function parsed<T>(
  result:
    | { success: true; data: T }
    | { success: false; error: { issues: { message: string; path: PropertyKey[] }[] } },
): T {
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  return refuse(platformProblems.invalidInput(`${issue.path.join(".")}：${issue.message}。`, issue.path.map(String)));
}

function print(options: Output, data: unknown, text: string): void {
  process.stdout.write(`${options.json ? JSON.stringify(data) : text}\n`);
}

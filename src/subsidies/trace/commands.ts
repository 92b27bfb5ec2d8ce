import type { Command } from "commander";
import type { CommandActs } from "../../platform/module.ts";
import { formatYuan } from "../../platform/money.ts";
import {
  claimActWords,
  claimStateLabels,
  movementLabels,
  sumKindLabels,
  paymentStateLabels,
  reconcileMoney,
  traceMoney,
  type Trace,
  type TraceWay,
} from "../contract.ts";

const UNEQUAL = 1;
const yuan = (fen: number) => `${formatYuan(fen)} 元`;

/** `wengang trace|reconcile`: the way of every fen, and every list beside the next. A sum that does not fit exits with 1. */
export function traceCommands(program: Command, acts: CommandActs): void {
  const inNameOf = ["--as <登录名>", "以哪位工作人员的名义查看（按其职责和管辖区域）"] as const;
  program
    .command("trace")
    .description("追溯资金：从银行文件的一行到文件原文，从条款、资金额度到每一笔发放")
    .argument(
      "<对象>",
      "补贴件编号、批次编号/行号、银行文件的一整行、发放编号，或 额度:编号、规则:编号、“文件:编号 条款”、人员:编号、批次编号、到分的金额（如 1,500.00）",
    )
    .requiredOption(...inNameOf)
    .option("--page <页>", "第几页，每页 200 行", "1")
    .option("--json", "以 JSON 输出")
    .action(async (of: string, options: { as: string; page: string; json?: boolean }) => {
      const found = await acts.run(traceMoney, options.as, { of, page: Number(options.page), size: 200 });
      if (found.steps.some(({ equal }) => !equal)) process.exitCode = UNEQUAL;
      process.stdout.write(options.json ? `${JSON.stringify(found)}\n` : `${textOf(found).join("\n")}\n`);
    });
  program
    .command("reconcile")
    .description("核对资金总账：资金额度＝流水＝补贴件＝发放＝批次＝银行回盘，连同追回和预付")
    .requiredOption(...inNameOf)
    .option("--region <区划>", "只核对这一地区")
    .option("--json", "以 JSON 输出")
    .action(async (options: { as: string; region?: string; json?: boolean }) => {
      const { region } = options;
      const found = await acts.run(reconcileMoney, options.as, region ? { region } : {});
      if (found.faults.length > 0) process.exitCode = UNEQUAL;
      if (options.json) {
        process.stdout.write(`${JSON.stringify(found)}\n`);
        return;
      }
      const lines = [
        ...found.sums.map(({ says, fen, of }) => `${sumKindLabels[of]}　${says}　${yuan(fen)}`),
        ...(found.faults.length === 0 ? ["逐项核对，分毫不差。"] : [`有 ${found.faults.length} 处不符：`]),
        ...found.faults.map(
          ({ says, subject, leftFen, rightFen }) => `${subject}：${says}，实为 ${yuan(leftFen)} 与 ${yuan(rightFen)}`,
        ),
      ];
      process.stdout.write(`${lines.join("\n")}\n`);
    });
}

function textOf(found: Trace): string[] {
  const { way, steps } = found;
  return [
    `${found.what}：${found.claims} 件 ${yuan(found.claimedFen)}，发放 ${found.payments} 笔，银行成功 ${yuan(found.paidFen)}`,
    ...(way ? textOfWay(way) : rowsOf(found)),
    "核对",
    ...steps.map(
      ({ says, leftFen, rightFen, equal }) =>
        `  ${equal ? "相符" : "不符"}　${says}　${yuan(leftFen)}${equal ? "" : ` ≠ ${yuan(rightFen)}`}`,
    ),
  ];
}

function rowsOf({ rows, total }: Trace): string[] {
  return [
    ...rows.map(({ claimNumber, title, payeeName, claimFen, payment }) =>
      [
        `  ${claimNumber}`,
        title,
        payeeName,
        yuan(claimFen),
        payment
          ? `${payment.batchNumber}/${payment.line} ${paymentStateLabels[payment.state]} ${yuan(payment.amountFen)}`
          : "没有发放",
      ].join("　"),
    ),
    ...(total > rows.length ? [`  共 ${total} 行，这里是 ${rows.length} 行；其余用 --page`] : []),
  ];
}

function textOfWay(way: TraceWay): string[] {
  const { claim, rule, fundLine } = way;
  return [
    ...way.payments.flatMap(({ batch, ...payment }) => [
      `银行文件 ${batch.number} 第 ${payment.line} 行　${payment.payeeName} ${payment.accountMask}　${yuan(payment.amountFen)}　${paymentStateLabels[payment.state]}　${[payment.bankReference, payment.answeredOn, payment.reason].filter(Boolean).join(" ")}`,
      `  批次 ${batch.payments} 笔 ${yuan(batch.totalFen)}　${batch.builtOn} ${batch.builtByName} 编制，${batch.releasedByName ?? "（未）"} 签发，${batch.countersignedByName ?? "（未）"} 会签　校验码 ${batch.digest ?? "（未冻结）"}`,
    ]),
    `补贴件 ${claim.number}　${claim.place}　${claim.title}　${claim.payeeName}　${yuan(claim.amountFen)}　${claimStateLabels[claim.state]}`,
    ...way.events.map(
      ({ act, businessDate, officerName, organisation, note, amountFen }) =>
        `  ${businessDate}　${claimActWords(act)}　${officerName} ${organisation}　${yuan(amountFen)}　${note}`,
    ),
    `明细 ${claim.items} 项`,
    ...way.items.map(
      (item) =>
        `  ${item.eventDate}　${item.personName ?? ""} ${item.identityMask ?? ""}　${yuan(item.amountFen)}${item.live ? "" : "（不发）"}　${item.facts.map(({ label, value }) => `${label}=${value}`).join("，")}`,
    ),
    `规则 ${rule.rule}　版本 ${rule.versionId}　校验码 ${rule.hash}`,
    ...way.articles.map(
      ({ number, textTitle, article, quote, says }) =>
        `  《${textTitle}》${number ? `（${number}）` : ""} ${article ?? ""}：“${quote ?? "（整条）"}”　${says}`,
    ),
    ...(fundLine
      ? [
          `资金 ${fundLine.fund}　${fundLine.level} ${fundLine.year} 年　${fundLine.document}${fundLine.sample ? "（样例）" : ""}`,
        ]
      : ["资金　还没有占用"]),
    ...way.movements.map(
      ({ businessDate, kind, amountFen, officerName }) =>
        `  ${businessDate}　${movementLabels[kind]}　${yuan(amountFen)}　${officerName}`,
    ),
  ];
}

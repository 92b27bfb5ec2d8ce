import type { Problem } from "../platform/problem.ts";

export const subsidiesProblems = {
  nothingChosen: (): Problem => ({
    code: "subsidies.nothing-chosen",
    status: 422,
    message: "没有选中补贴件。请勾选要办理的，或按筛选条件整批办理。",
    path: ["claimIds"],
  }),
  tooMany: (most: number): Problem => ({
    code: "subsidies.too-many",
    status: 422,
    message: `一次最多整批办理 ${most.toLocaleString("en-US")} 件，请再加筛选条件分几批办。`,
    path: ["all"],
  }),
  noFundLine: (fund: string, year: string): Problem => ({
    code: "subsidies.no-fund-line",
    status: 409,
    message: fund
      ? `没有可用的“${fund}”${year}年资金额度。请先由财政在“资金额度”里按下达文件登记，再复核。`
      : "文件没有写明这项补贴的资金渠道。请先由财政按下达文件登记一条限定用于本项目的资金额度，再复核。",
  }),
  notEnough: (fund: string, needed: string, left: string): Problem => ({
    code: "subsidies.not-enough",
    status: 409,
    message: `“${fund}”余额不足：本次需要 ${needed} 元，可用 ${left} 元。请减少本次办理的件数，或先追加、调剂额度。`,
  }),
  wrongFundLine: (): Problem => ({
    code: "subsidies.wrong-fund-line",
    status: 422,
    message: "所选资金额度不是这项补贴的资金渠道、不在有效期内，或只限其他项目使用。请换一条额度。",
    path: ["fundLineId"],
  }),
  fundLineExists: (): Problem => ({
    code: "subsidies.fund-line-exists",
    status: 409,
    message: "这份文件下达的同一资金已登记过。追加或核减请在原额度上“调整”。",
    path: ["document"],
  }),
  belowZero: (left: string): Problem => ({
    code: "subsidies.below-zero",
    status: 409,
    message: `核减后会小于已占用和已支出的数。目前可核减的最多 ${left} 元。`,
    path: ["amountFen"],
  }),
  otherFund: (): Problem => ({
    code: "subsidies.other-fund",
    status: 422,
    message: "只能在同一地区、同一资金渠道的两条额度之间调剂。不同渠道的资金不得混用，请按文件另行下达。",
    path: ["toFundLineId"],
  }),
  nothingToPublish: (): Problem => ({
    code: "subsidies.nothing-to-publish",
    status: 409,
    message: "这项补贴没有待公示的件。复核通过的才能公示；也可能刚有人公示过，请刷新。",
    path: ["rule"],
  }),
  publicationOver: (endsOn: string): Problem => ({
    code: "subsidies.publication-over",
    status: 409,
    message: `这份公示已于 ${endsOn} 结束，不再受理异议。发现问题请在补贴件里退回或在监督核查里立案。`,
  }),
  objectionAnswered: (): Problem => ({
    code: "subsidies.objection-answered",
    status: 409,
    message: "这件异议已经答复，请刷新查看。",
  }),
  ownObjection: (): Problem => ({
    code: "subsidies.own-objection",
    status: 403,
    message: "这件异议是您登记的，须由另一人核实答复。",
  }),
  nothingToPay: (): Problem => ({
    code: "subsidies.nothing-to-pay",
    status: 409,
    message: "这条资金额度下没有待发放的补贴件。公示期满、复核通过的才能编批。",
  }),
  noAccounts: (missing: number): Problem => ({
    code: "subsidies.no-accounts",
    status: 409,
    message: `待发放的 ${missing} 件都没有收款账户，不能编批。请先在件内登记收款账户，或让本人补报社保卡、一卡通账号。`,
  }),
  accountOfPerson: (): Problem => ({
    code: "subsidies.account-of-person",
    status: 409,
    message: "个人的收款账户以人员档案为准。请到本人档案页修改“银行账号”，这里随之更新。",
  }),
  batchState: (act: string, state: string): Problem => ({
    code: "subsidies.batch-state",
    status: 409,
    message: `这个批次现在是“${state}”，不能${act}。`,
  }),
  changedMeanwhile: (): Problem => ({
    code: "subsidies.changed-meanwhile",
    status: 409,
    message: "刚有人办理过，请刷新后再办。",
  }),
  ownBatch: (): Problem => ({
    code: "subsidies.own-batch",
    status: 403,
    message: "这个批次是您编制或已由您签发的，须由另一人签发。",
  }),
  batchAltered: (): Problem => ({
    code: "subsidies.batch-altered",
    status: 409,
    message: "批次内容与冻结时不一致，不能继续。请取消这个批次后重新编批，并报告系统管理员。",
  }),
  listTooLong: (most: number): Problem => ({
    code: "subsidies.list-too-long",
    status: 422,
    message: `名单超过 ${most.toLocaleString("en-US")} 行，不宜打印。请下载 XLSX，或分乡镇、分村公示。`,
    path: ["format"],
  }),
  noListInside: (): Problem => ({
    code: "subsidies.no-list-inside",
    status: 422,
    message:
      "文件里没有名单的校验数据：不是本系统导出的公示名单（XLSX、PDF），或另存时丢失了。请重新下载，或用编号和校验码核对。",
  }),
  listKeyNeeded: (): Problem => ({
    code: "subsidies.list-key-needed",
    status: 422,
    message: "离线核对必须用 --key 指明信任的公钥文件（由公示单位另行提供，不要用与名单一起收到的）。",
  }),
  listAltered: (problems: readonly string[]): Problem => ({
    code: "subsidies.list-altered",
    status: 409,
    message: ["名单与公示的不一致：", ...problems].join("\n"),
    details: { problems },
  }),
  tooFewDays: (least: number): Problem => ({
    code: "subsidies.too-few-days",
    status: 422,
    message: `公示期不少于 ${least} 个工作日（办理设定）。`,
    path: ["workdays"],
  }),
  settingInPast: (today: string): Problem => ({
    code: "subsidies.setting-in-past",
    status: 422,
    message: `起始日期不能早于今天（${today}）：已经办过的按当时的设定。`,
    path: ["validFrom"],
  }),
  settlementWaits: (): Problem => ({
    code: "subsidies.settlement-waits",
    status: 409,
    message: "这条额度已有一笔结转或收回待另一人确认，请先确认或退回。",
  }),
  settlementDecided: (): Problem => ({
    code: "subsidies.settlement-decided",
    status: 409,
    message: "这笔结转或收回已有人办理，请刷新查看。",
  }),
  ownSettlement: (): Problem => ({
    code: "subsidies.own-settlement",
    status: 403,
    message: "这笔结转或收回是您提出的，须由另一人确认。",
  }),
  ownRectification: (): Problem => ({
    code: "subsidies.own-rectification",
    status: 403,
    message: "这个问题是您登记整改的，须由另一人核实销号。",
  }),
  inspectionState: (act: string, state: string): Problem => ({
    code: "subsidies.inspection-state",
    status: 409,
    message: `这个问题现在是“${state}”，不能${act}。请刷新查看。`,
  }),
  badResult: (lines: readonly { readonly rowNo: number; readonly why: string }[]): Problem => ({
    code: "subsidies.bad-result",
    status: 422,
    message: `回盘文件${lines.length > 1 ? `有 ${lines.length} 行不能导入：` : ""}${lines
      .slice(0, 5)
      .map(({ rowNo, why }) => `第 ${rowNo} 行：${why}`)
      .join("；")}${lines.length > 5 ? "；等等" : ""}。整个文件没有导入，请改正后重新上传。`,
    details: { lines },
  }),
  noWay: (): Problem => ({
    code: "subsidies.no-way",
    status: 404,
    message:
      "没有找到要追溯的资金。可以输入补贴件编号（BT…）、批次编号加行号（FF…/12）、银行文件的一整行、到分的金额（如 1,500.00），或“发放:编号”“额度:编号”“文件:文件编号 条款”“规则:编号”“人员:编号”。",
    path: ["of"],
  }),
  nothingAsked: (): Problem => ({
    code: "subsidies.nothing-asked",
    status: 422,
    message: "没有选中要申请的项目。请至少选一项，或选一件事。",
    path: ["rules"],
  }),
  notOffered: (): Problem => ({
    code: "subsidies.not-offered",
    status: 422,
    message: "所选项目不在当地的执行范围或执行期内。请重新选择，或在政策清单里查看各地的项目。",
    path: ["rules"],
  }),
  notEligible: (title: string, why: string): Problem => ({
    code: "subsidies.not-eligible",
    status: 422,
    message: `按登记的事实，“${title}”目前不符合。${why}。登记有误的请先申请更正。`,
    path: ["rules"],
  }),
  runningAlready: (title: string, why: string): Problem => ({
    code: "subsidies.running-already",
    status: 409,
    message: `“${title}”已经在办，不用再申请：${why}。`,
    path: ["rules"],
  }),
  needsRealName: (): Problem => ({
    code: "subsidies.needs-real-name",
    status: 403,
    message: "请先在“我的”里完成实名核验，再申请补贴。",
  }),
  homeUnknown: (): Problem => ({
    code: "subsidies.home-unknown",
    status: 409,
    message: "登记里没有您所在的县（市、区），不知道由哪里受理。请到当地人社窗口补登后再申请。",
  }),
  notYourDraft: (): Problem => ({
    code: "subsidies.not-your-draft",
    status: 409,
    message: "这件申请已经提交，或不是您起草的，不能再改。要补充材料请联系受理的单位。",
  }),
  applicationState: (now: string): Problem => ({
    code: "subsidies.application-state",
    status: 409,
    message: `这件申请现在是“${now}”，不能这样办理。请刷新后再看。`,
  }),
  materialsMissing: (names: readonly string[]): Problem => ({
    code: "subsidies.materials-missing",
    status: 422,
    message: `还缺材料：${names.join("、")}。请拍照或选文件上传后再提交；注明免交的不用传。`,
    path: ["materials"],
  }),
  nothingStated: (): Problem => ({
    code: "subsidies.nothing-stated",
    status: 422,
    message: "登记里还没有这件事，请至少填一项情况或附一份材料，经办机构才能核实。",
    path: ["statements"],
  }),
  attachmentTooLarge: (): Problem => ({
    code: "subsidies.attachment-too-large",
    status: 413,
    message: "这份材料超过 10 MB。请压缩照片，或分成几份上传。",
    path: ["file"],
  }),
  attachmentUnfit: (): Problem => ({
    code: "subsidies.attachment-unfit",
    status: 422,
    message: "这份材料打不开，或不是照片、PDF、Word、Excel 文件（JPG、PNG、PDF、DOCX、XLSX）。请换一种格式再传。",
    path: ["file"],
  }),
  attachmentTrap: (): Problem => ({
    code: "subsidies.attachment-trap",
    status: 422,
    message: "这份文件带有宏、嵌入的程序，或展开后大得不正常，没有收下。请另存为普通文档，或打印后拍照上传。",
    path: ["file"],
  }),
  attachmentAgain: (): Problem => ({
    code: "subsidies.attachment-again",
    status: 409,
    message: "这份材料已经上传过了，不用再传。",
    path: ["file"],
  }),
  tooManyAttachments: (most: number): Problem => ({
    code: "subsidies.too-many-attachments",
    status: 422,
    message: `一件申请最多附 ${most} 份材料。请先删掉不用的，或合成一份 PDF。`,
    path: ["file"],
  }),
  noMandate: (): Problem => ({
    code: "subsidies.no-mandate",
    status: 409,
    message: "没有您对本人的有效代办授权。请先在本人档案页登记授权委托，或改选“窗口代填”“上门办”。",
    path: ["way"],
  }),
  notElsewhere: (): Problem => ({
    code: "subsidies.not-elsewhere",
    status: 422,
    message: "所选地区就在您的管辖范围内，请用“代办申请”直接办理。",
    path: ["paysRegion"],
  }),
  notHosted: (): Problem => ({
    code: "subsidies.not-hosted",
    status: 422,
    message: "所选县（市、区）没有接入本系统，不能网上转办。请告诉群众向当地人社部门申请，或拨打当地 12333。",
    path: ["paysRegion"],
  }),
  identityWrong: (): Problem => ({
    code: "subsidies.identity-wrong",
    status: 422,
    message: "公民身份号码的校验位不对，请对照身份证重新填写。",
    path: ["identity"],
  }),
  decidedElsewhere: (): Problem => ({
    code: "subsidies.decided-elsewhere",
    status: 403,
    message: "这件申请由转往的县（市、区）办理，这里只能看进度。",
  }),
  applicantUnknown: (): Problem => ({
    code: "subsidies.applicant-unknown",
    status: 409,
    message: "本地档案里没有姓名和证件号码都一致的人，不能签收。请先核实登记，或写明理由退回。",
  }),
  prepaidAlready: (number: string): Problem => ({
    code: "subsidies.prepaid-already",
    status: 409,
    message: `这个对象在同一项目下还有没结算的预付（${number}），结清后才能再预付。`,
    path: ["payeeId"],
  }),
  notPrepayable: (): Problem => ({
    code: "subsidies.not-prepayable",
    status: 422,
    message: "这个项目或对象不能预付：请从列表中选当地在执行期内、有收款对象的项目。",
    path: ["rule"],
  }),
  settleByTooEarly: (): Problem => ({
    code: "subsidies.settle-by-too-early",
    status: 422,
    message: "结算期限应在今天以后、两年以内。",
    path: ["settleBy"],
  }),
  notPaidYet: (state: string): Problem => ({
    code: "subsidies.not-paid-yet",
    status: 409,
    message: `这笔预付现在是“${state}”，钱还没有付出去，不能结算。`,
  }),
  settlementChanged: (actual: string): Problem => ({
    code: "subsidies.settlement-changed",
    status: 409,
    message: `可结算的数刚有变化，现在是 ${actual} 元。请核对后再结算。`,
    path: ["actualFen"],
  }),
  recalculating: (): Problem => ({
    code: "subsidies.recalculating",
    status: 409,
    message: "正在重新计算，差异马上会更新。请等它算完（一般几分钟）再处理。",
  }),
  recoveryState: (act: string, state: string): Problem => ({
    code: "subsidies.recovery-state",
    status: 409,
    message: `这件追回现在是“${state}”，不能${act}。请刷新查看。`,
  }),
  ownRecovery: (): Problem => ({
    code: "subsidies.own-recovery",
    status: 403,
    message: "这件追回是您立案或记录陈述申辩的，须由另一人作出决定。",
  }),
  replyRunning: (replyBy: string): Problem => ({
    code: "subsidies.reply-running",
    status: 409,
    message: `陈述申辩期到 ${replyBy} 才满。收款人已表示没有意见的，请先登记“记录陈述申辩”。`,
  }),
  claimNotPaid: (): Problem => ({
    code: "subsidies.claim-not-paid",
    status: 409,
    message: "这件补贴的款项已被银行退回，没有可追回的。请撤销这件追回，补贴件退回重审。",
  }),
  differenceMoved: (): Problem => ({
    code: "subsidies.difference-moved",
    status: 409,
    message: "按今天的事实和规则重算，应追回的金额与立案时不同。请撤销这件追回，重算后按新的差异立案。",
  }),
  planNotWhole: (planned: string, owed: string): Problem => ({
    code: "subsidies.plan-not-whole",
    status: 422,
    message: `各期合计 ${planned} 元，应等于应缴回的 ${owed} 元，一分不差。请改正各期金额。`,
    path: ["instalments"],
  }),
  planInPast: (on: string): Problem => ({
    code: "subsidies.plan-in-past",
    status: 422,
    message: `第一期应在 ${on} 之后。请改正各期日期。`,
    path: ["instalments"],
  }),
  aboveOwed: (open: string): Problem => ({
    code: "subsidies.above-owed",
    status: 422,
    message: `还应缴回 ${open} 元，登记的金额不能超过它。多缴的请退还本人。`,
    path: ["amountFen"],
  }),
  receiptTwice: (reference: string): Problem => ({
    code: "subsidies.receipt-twice",
    status: 409,
    message: `票据号、流水号“${reference}”已登记过。同一笔钱只登记一次，请核对。`,
    path: ["reference"],
  }),
  receiptDay: (on: string): Problem => ({
    code: "subsidies.receipt-day",
    status: 422,
    message: `缴回日期应在追回决定（${on}）以后、今天以前。请改正日期。`,
    path: ["receivedOn"],
  }),
  ownProposal: (): Problem => ({
    code: "subsidies.own-proposal",
    status: 403,
    message: "这件核销是您提请的，须由另一位有权审批的领导同意。",
  }),
  repaidAlready: (): Problem => ({
    code: "subsidies.repaid-already",
    status: 409,
    message: "已有款项缴回，不能撤销。确有错误的，请按“重算差异”补发。",
  }),
  noLetterYet: (): Problem => ({
    code: "subsidies.no-letter-yet",
    status: 409,
    message: "还没有到出具这份文书的环节：告知后才有告知书，决定后才有决定书。",
    path: ["kind"],
  }),
};

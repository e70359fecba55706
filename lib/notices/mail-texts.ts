/** The words of a mail that no other surface shares. */
export const mailTexts = {
  subject: "reprieve: ",
  pauseSubject: "reprieve: a pause of the guard",
  changed: "changed: ",
  permitSubject: "reprieve: a permit to delete a key",
  happened: "What happened:",
  approvedBy: "Approved by",
  nobodyYet: "nobody yet",
  mayApprove: "May approve",
  nobody: "nobody: the quorum cannot be reached",
  slackOnly: "Only approvals in Slack count. To keep the key without Slack:",
  awsOnly: "Only approvals proven by AWS count:",
  withoutSlack: "Without Slack:",
  keep: "To keep the key:",
  investigate: "Details:",
} as const;

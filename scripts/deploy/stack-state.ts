/** Returns why CloudFormation takes no update of a stack in this status, and what to do, or undefined if it takes one. */
export function whyNotUpdatable(stackName: string, status: string): string | undefined {
  const wayOut = wayOutOf(stackName, status);
  return wayOut === undefined ? undefined : `${stackName} is ${status}: ${wayOut}`;
}

function wayOutOf(stackName: string, status: string): string | undefined {
  const named = `--stack-name ${stackName}`;
  const events = `read its events (aws cloudformation describe-stack-events ${named})`;
  const deleteIt = `${events}, then delete it (aws cloudformation delete-stack ${named}) and deploy again`;
  switch (status) {
    case "REVIEW_IN_PROGRESS":
      return `a change set made it and nobody executed that: delete it (aws cloudformation delete-stack ${named}) and deploy again`;
    case "ROLLBACK_COMPLETE":
    case "ROLLBACK_FAILED":
    case "CREATE_FAILED":
      return `its creation failed and CloudFormation takes no update of it: ${deleteIt}`;
    case "DELETE_FAILED":
      return `a deletion of it failed: ${deleteIt}, with --retain-resources for what cannot be deleted`;
    case "UPDATE_FAILED":
      return `${events}, then roll it back (aws cloudformation rollback-stack ${named}) and deploy again`;
    case "UPDATE_ROLLBACK_FAILED":
      return `${events}, mend the cause, then go on (aws cloudformation continue-update-rollback ${named}) and deploy again`;
    default:
      if (/_FAILED$/.test(status)) return `${events} and mend the cause, then deploy again`;
      if (/^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_COMPLETE$/.test(status)) return undefined;
      // A status that CloudFormation did not state, or that is new, says nothing about the stack.
      if (!/_IN_PROGRESS$/.test(status)) return `that status is not known here: ${events}`;
      return `CloudFormation is at work on it: wait until it ends (aws cloudformation describe-stacks ${named}), then deploy again`;
  }
}

/** Returns what is left after a deployment that failed, by the status of the stack now: undefined where there is none. */
export function afterFailure(stackName: string, status: string | undefined): string {
  const failed = "the deployment failed (see above)";
  if (status === undefined) return `${failed}; nothing was begun: ${stackName} does not exist`;
  const next = whyNotUpdatable(stackName, status);
  if (/ROLLBACK/.test(status))
    return `${failed}; CloudFormation rolls back what it began: ${next ?? `${stackName} is ${status}`}`;
  return next === undefined
    ? `${failed}; no update of ${stackName} was begun or is left: it is ${status}`
    : `${failed}; ${next}`;
}

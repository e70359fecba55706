/** Whether `text` may stand for a stage in the names of a stack: with account and region a bucket's name of 63 characters has to hold it. */
export function isStage(text: string): boolean {
  return /^[a-z][a-z0-9-]{0,19}$/.test(text);
}

/** Whether `text` has the form of a region, such as us-east-1. */
export function isRegion(text: string): boolean {
  return /^[a-z]{2}(-[a-z]{1,16}){1,2}-\d{1,2}$/.test(text);
}

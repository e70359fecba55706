/** A function that does nothing: what Node itself takes to import a file. */
export async function handler(): Promise<void> {}

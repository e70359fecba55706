/** The environment of this function. This file is its only reader. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;

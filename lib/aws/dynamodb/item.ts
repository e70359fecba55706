import type { AttributeValue, UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";

/** An item of the table as DynamoDB writes it. */
export type Item = Record<string, AttributeValue>;

export type Update = Omit<UpdateItemCommandInput, "TableName">;

export const text = (S: string): AttributeValue => ({ S });
export const number = (value: number): AttributeValue => ({ N: String(value) });
export const list = (values: readonly string[]): AttributeValue => ({ L: values.map(text) });

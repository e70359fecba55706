import type { AttributeValue, UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";

/** An item of the table as DynamoDB writes it. */
export type Item = Record<string, AttributeValue>;

export type Update = Omit<UpdateItemCommandInput, "TableName">;

export const stringValue = (S: string): AttributeValue => ({ S });
export const numberValue = (value: number): AttributeValue => ({ N: String(value) });
export const listValue = (values: readonly string[]): AttributeValue => ({ L: values.map(stringValue) });

import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { rememberLabels } from "./local.ts";
import type { Simulation } from "./world.ts";

/** Gives the inventory of a simulation a past: every key has had the labels that its policies read since it was made. */
export async function rememberPast({ clock, stack }: Simulation): Promise<void> {
  const { controlPlane, table, tableName } = stack;
  const send = async (command: { readonly constructor: { readonly name: string }; readonly input: object }) =>
    table.handle(command.constructor.name.replace("Command", ""), command.input as Record<string, unknown>).body;
  const store = { send } as unknown as DynamoDBClient;
  await rememberLabels({ controlPlane, store, tableName, clock }, undefined, ["Environment"]);
}

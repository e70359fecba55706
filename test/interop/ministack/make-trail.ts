import { CloudTrailClient, CreateTrailCommand, StartLoggingCommand } from "@aws-sdk/client-cloudtrail";
import { region } from "../../../local/world/people.ts";

/** Makes a trail of management events, which the deploy command asks for. */
export async function makeTrail(endpoint: string): Promise<void> {
  const client = new CloudTrailClient({
    endpoint,
    region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  await client.send(new CreateTrailCommand({ Name: "management", S3BucketName: "trails" }));
  await client.send(new StartLoggingCommand({ Name: "management" }));
}

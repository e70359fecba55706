import { DeleteObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { UploadTemplate } from "./change-set.ts";

/** Where a template is put for CloudFormation to read. */
export interface UploadPlace {
  /** The stack's deployment bucket; undefined if the stack states none. */
  readonly bucket: string | undefined;
  readonly key: string;
  /** The address of a key in the bucket. */
  readonly urlOf: (bucket: string, key: string) => string;
}

/** Returns an upload into the stack's deployment bucket: encrypted, under a key of its own, to be removed by who asked for it. */
export function templateUpload(client: Pick<S3Client, "send">, { bucket, key, urlOf }: UploadPlace): UploadTemplate {
  return async (template) => {
    if (bucket === undefined) throw new Error("the stack has no deployment bucket");
    const object = { Bucket: bucket, Key: key };
    const content = { Body: template, ContentType: "application/json", ServerSideEncryption: "AES256" as const };
    await client.send(new PutObjectCommand({ ...object, ...content }));
    return { url: urlOf(bucket, key), remove: async () => await client.send(new DeleteObjectCommand(object)) };
  };
}

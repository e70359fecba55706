import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ControlPlane } from "../../../local/aws/payment-cryptography/control-plane.ts";

/** The account in which moto's tests believe to be. */
const account = "123456789012";

const caller = {
  accessKeyId: "AKIAMOTO",
  userIdentity: { type: "IAMUser", arn: `arn:aws:iam::${account}:user/moto`, accountId: account },
  sourceIp: "127.0.0.1",
  userAgent: "moto",
};

export interface RegionalServer {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Serves one local control plane per Region that a request is signed for, and moto's own call that forgets everything. */
export async function serveRegions(): Promise<RegionalServer> {
  const planes = new Map<string, ControlPlane>();
  const planeOf = (region: string) => {
    const plane = planes.get(region) ?? new ControlPlane({ account, region, now: Date.now, onRecord: () => {} });
    planes.set(region, plane);
    return plane;
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (request.url?.startsWith("/moto-api/")) {
        planes.clear();
        response.end("{}");
        return;
      }
      const [, region = "us-east-1"] =
        /Credential=[^/]+\/\d+\/([^/]+)\//.exec(String(request.headers.authorization)) ?? [];
      const operation = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString() || "{}");
      const answer = planeOf(region).handle(operation, body, caller);
      response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify(answer.body));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

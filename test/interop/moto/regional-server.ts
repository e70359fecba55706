import { ControlPlane } from "../../../local/aws/payment-cryptography/control-plane.ts";
import { type Served, serveJson } from "../../doubles/served-json.ts";

/** The account that moto's tests expect. */
const account = "123456789012";

const caller = {
  accessKeyId: "AKIAMOTO",
  userIdentity: { type: "IAMUser", arn: `arn:aws:iam::${account}:user/moto`, accountId: account },
  sourceIp: "127.0.0.1",
  userAgent: "moto",
};

/** Serves one local control plane per Region that a request is signed for, and moto's own call that resets all of them. */
export async function serveRegions(): Promise<Served> {
  const planes = new Map<string, ControlPlane>();
  const planeOf = (region: string) => {
    const plane = planes.get(region) ?? new ControlPlane({ account, region, now: Date.now, onRecord: () => {} });
    planes.set(region, plane);
    return plane;
  };
  return await serveJson(({ operation, path, headers, body }) => {
    if (path.startsWith("/moto-api/")) {
      planes.clear();
      return { status: 200, body: {} };
    }
    const [, region = "us-east-1"] = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(String(headers.authorization)) ?? [];
    return planeOf(region).handle(operation, JSON.parse(body || "{}"), caller);
  });
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createSignIn } from "../../../cli/places/sign-in.ts";
import { placeOf } from "../../doubles/places.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-sign-in-"));
const requests: { readonly action: string; readonly form: URLSearchParams; readonly keyId: string }[] = [];
const xml = (action: string, inner: string) =>
  `<${action}Response><${action}Result>${inner}</${action}Result></${action}Response>`;

/** An STS that knows whose each access key is. */
const answer: RequestListener = (request, response) => {
  let body = "";
  request.on("data", (chunk) => (body += String(chunk)));
  request.on("end", () => {
    const form = new URLSearchParams(body);
    const action = form.get("Action") ?? "";
    const keyId = /Credential=(\w+)/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    requests.push({ action, form, keyId });
    response.setHeader("content-type", "text/xml");
    const account = keyId === "ASIAROLE" ? "100000000002" : "100000000001";
    if (keyId === "AKIAEXPIRED")
      response
        .writeHead(403)
        .end(`<ErrorResponse><Error><Code>ExpiredToken</Code><Message>old</Message></Error></ErrorResponse>`);
    else if (action === "AssumeRole")
      response.end(
        xml(
          action,
          "<Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials>",
        ),
      );
    else response.end(xml(action, `<Account>${account}</Account><Arn>a</Arn><UserId>u</UserId>`));
  });
};
const sts = createServer(answer);
const emulator = createServer(answer);
const urlOf = (server: Server) => {
  const { address, port } = server.address() as AddressInfo;
  return `http://${address}:${port}`;
};
let endpointUrl = "";

beforeAll(async () => {
  // Not an address that counts as this machine: real credentials are resolved for it.
  await new Promise<void>((listening) => sts.listen(0, "127.0.0.2", listening));
  await new Promise<void>((listening) => emulator.listen(0, "127.0.0.1", listening));
  endpointUrl = urlOf(sts);
  writeFileSync(
    join(folder, "credentials"),
    "[one]\naws_access_key_id = AKIAONE\naws_secret_access_key = s\n[old]\naws_access_key_id = AKIAEXPIRED\naws_secret_access_key = s\n",
  );
  writeFileSync(
    join(folder, "config"),
    "[profile mfa]\nrole_arn = arn:aws:iam::100000000001:role/r\nsource_profile = one\nmfa_serial = arn:aws:iam::100000000001:mfa/m\n",
  );
});
afterAll(() => {
  for (const server of [sts, emulator]) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  requests.length = 0;
  vi.stubEnv("AWS_CONFIG_FILE", join(folder, "config"));
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(folder, "credentials"));
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIASHELL");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "s");
  vi.stubEnv("AWS_PROFILE", undefined);
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
});
afterEach(() => vi.unstubAllEnvs());

const bounds = { signal: new AbortController().signal, alive: () => {} };

describe("a sign-in", () => {
  it("takes the profile, and asks STS whose the credentials are", async () => {
    const answers: true[] = [];
    const place = placeOf(1, { profile: "one", endpointUrl });
    const signedIn = await createSignIn()(place, { ...bounds, alive: () => void answers.push(true) });
    expect(signedIn).toMatchObject({ account: "100000000001", credentials: { accessKeyId: "AKIAONE" } });
    expect([requests.map(({ action, keyId }) => [action, keyId]), answers.length]).toEqual([
      [["GetCallerIdentity", "AKIAONE"]],
      1,
    ]);
  });

  it("takes the credentials of the shell without a profile, and another one never", async () => {
    await createSignIn()(placeOf(1, { endpointUrl }), bounds);
    expect(requests.map(({ keyId }) => keyId)).toEqual(["AKIASHELL"]);
    await expect(createSignIn()(placeOf(1, { profile: "nobody", endpointUrl }), bounds)).rejects.toMatchObject({
      name: "CredentialsProviderError",
    });
    expect(requests).toHaveLength(1);
  });

  it("assumes the role with what the place names, and asks as the role", async () => {
    const role = { arn: "arn:aws:iam::100000000002:role/reader", externalId: "acme", sessionName: "alice" };
    const { account, credentials } = await createSignIn()(placeOf(2, { profile: "one", role, endpointUrl }), bounds);
    expect(account).toBe("100000000002");
    expect(credentials).toMatchObject({ accessKeyId: "ASIAROLE", secretAccessKey: "s", sessionToken: "t" });
    const [assumed, asked] = requests;
    expect(Object.fromEntries(assumed?.form ?? [])).toMatchObject({
      ...{
        Action: "AssumeRole",
        RoleArn: role.arn,
        ExternalId: "acme",
        RoleSessionName: "alice",
        DurationSeconds: "3600",
      },
    });
    expect([assumed?.keyId, asked?.action, asked?.keyId]).toEqual(["AKIAONE", "GetCallerIdentity", "ASIAROLE"]);
  });

  it("sends no real credentials to an emulator on this machine", async () => {
    const { credentials } = await createSignIn()(placeOf(1, { profile: "one", endpointUrl: urlOf(emulator) }), bounds);
    expect(credentials).toMatchObject({ accessKeyId: "local", secretAccessKey: "local" });
    expect(requests.map(({ keyId }) => keyId)).toEqual(["local"]);
  });

  it.each([
    ["old", "ExpiredToken"],
    ["mfa", "CredentialsProviderError"],
  ])("with the profile %s throws what is wrong", async (profile, name) => {
    await expect(createSignIn()(placeOf(1, { profile, endpointUrl }), bounds)).rejects.toMatchObject({ name });
  });
});

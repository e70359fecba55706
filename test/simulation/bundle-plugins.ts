import { readFileSync } from "node:fs";
import type { Plugin } from "esbuild";

/** Replaces a module by `contents`. */
function replace(name: string, filter: RegExp, contents: string): Plugin {
  return {
    name,
    setup({ onResolve, onLoad }) {
      onResolve({ filter }, ({ path }) => ({ path, namespace: name }));
      onLoad({ filter: /.*/, namespace: name }, () => ({ contents, loader: "js" }));
    },
  };
}

/** `reprieve:build` from the simulation, which deploys another policy now and then. */
export const buildFacts = replace(
  "build-facts",
  /^reprieve:build$/,
  "export const { policyText, policyHash, guardVersion } = __simulation.facts;",
);

/** The SDK's sockets are replaced by the simulated network; everything above them is the SDK's own. */
export const transport = replace(
  "transport",
  /^@smithy\/node-http-handler$/,
  `
  export class NodeHttpHandler {
    metadata = { handlerProtocol: "http/1.1" };
    static create(given) { return typeof given?.handle === "function" ? given : new NodeHttpHandler(given); }
    constructor(options) { this.options = options; }
    async handle(request) { return { response: await __simulation.send(request, this.options ?? {}) }; }
    updateHttpClientConfig() {}
    httpHandlerConfigs() { return this.options ?? {}; }
    destroy() {}
  }
  export const streamCollector = async (stream) => {
    if (stream instanceof Uint8Array) return stream;
    const parts = [];
    for await (const part of stream) parts.push(part);
    return new Uint8Array(Buffer.concat(parts));
  };`,
);

/** Nobody here checks the signatures of the SDK, and they took a quarter of the time; the access key is still sent. */
export const noSignature = replace(
  "no-signature",
  /^@smithy\/signature-v4$/,
  `
  export class SignatureV4 {
    constructor({ credentials, service }) { this.credentials = credentials; this.service = service; }
    async sign(request) {
      const { accessKeyId } = await (typeof this.credentials === "function" ? this.credentials() : this.credentials);
      const authorization = "AWS4-HMAC-SHA256 Credential=" + accessKeyId + "/0/0/" + this.service + "/aws4_request";
      return Object.assign(request, { headers: { ...request.headers, authorization } });
    }
  }
  export const signatureV4aContainer = { SignatureV4a: null };
  export class SignatureV4Base {}`,
);

/** The SDK composes some twenty middlewares for every call again, unless it is configured to keep what it composed. */
export const cachedMiddleware: Plugin = {
  name: "cached-middleware",
  setup({ onLoad }) {
    onLoad({ filter: /smithy-client[/\\]client\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace("this.config.cacheMiddleware === true", "true"),
      loader: "js",
    }));
  },
};

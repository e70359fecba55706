import { BlockList, isIP } from "node:net";

/** Whether `text` is a network such as `203.0.113.0/24` or `2001:db8::/32`. */
export function isNetwork(text: string): boolean {
  const { address, prefix, family } = parts(text);
  return (
    family !== undefined &&
    /^\d{1,3}$/.test(prefix) &&
    Number(prefix) <= (family === "ipv4" ? 32 : 128) &&
    address !== ""
  );
}

/** Answers whether an address lies in one of `networks`; undefined for a text that is no address. */
export function networkMatcher(networks: readonly string[]): (address: string) => boolean | undefined {
  const list = new BlockList();
  for (const network of networks) {
    const { address, prefix, family } = parts(network);
    if (family !== undefined) list.addSubnet(address, Number(prefix), family);
  }
  return (address) => {
    const family = familyOf(address);
    return family && list.check(address, family);
  };
}

function parts(network: string) {
  const slash = network.lastIndexOf("/");
  const address = slash < 0 ? "" : network.slice(0, slash);
  return { address, prefix: network.slice(slash + 1), family: familyOf(address) };
}

function familyOf(address: string): "ipv4" | "ipv6" | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : version === 4 ? "ipv4" : "ipv6";
}

import { isIP } from "node:net";

/**
 * The client's address, or null when unknown. `scripts/web.ts` sets the header from the socket, after dropping whatever
 * the client sent under that name.
 */
export function clientAddressOf(request: Request): string | null {
  const address = (request.headers.get("x-reeldesk-client-address") ?? "").trim().replace(/^::ffff:/i, "");
  return isIP(address) ? address : null;
}

/** What an address counts as when requests are limited: itself, or its /64 for IPv6, of which one customer has them all. */
export function addressGroup(address: string | null): string {
  if (address === null) return "unknown";
  if (isIP(address) !== 6) return address;
  const [head = "", tail = ""] = address.split("%", 1).join("").split("::", 2);
  const front = head.split(":").filter(Boolean);
  const back = tail.split(":").filter(Boolean);
  const zeros = address.includes("::")
    ? Array<string>(Math.max(0, 8 - front.length - back.length)).fill("0")
    : [];
  const groups = [...front, ...zeros, ...back].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(":")}::/64`;
}

import { BlockList, isIP } from 'node:net';

const own = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  own.addSubnet(network, bits, 'ipv4');
}
for (const [network, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const) {
  own.addSubnet(network, bits, 'ipv6');
}

/** Whether a host's name or address belongs to this machine or to the network it is in, as far as it can be told
 *  without asking anybody. Source: RFC 1918, RFC 4193, RFC 6890 */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (isIP(host) === 0) return /(^|\.)(localhost|local|internal|lan|home\.arpa)$/.test(host);
  return own.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}

/** Usages whose loss stops a whole service: PIN keys, key encryption (zone master) keys, base derivation keys. */
export function isSensitive(usage: string): boolean {
  return /^TR31_(P\d|V\d|K0|K1|B0)_/.test(usage);
}

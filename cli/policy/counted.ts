/** Returns a number with what it counts: `1 rule`, `2 rules`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** Where the middle half of what is counted in bins lies: from the bin of the lower quartile to that of the upper. */
export function middleHalf(bins: readonly { from: number; to: number; count: number }[]): { from: number; to: number } {
  const all = bins.reduce((sum, { count }) => sum + count, 0);
  const at = (share: number) => {
    let passed = 0;
    for (const bin of bins) {
      passed += bin.count;
      if (bin.count > 0 && passed >= share * all) return bin;
    }
    return undefined;
  };
  return { from: at(0.25)?.from ?? 0, to: at(0.75)?.to ?? 0 };
}

const longestCompared = 100;

/** How many letters to insert, delete, replace or swap with their neighbour to get from one word to the other. */
function distance(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let least = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        least = Math.min(least, (beforePrevious[column - 2] ?? 0) + 1);
      }
      current.push(least);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[to.length] ?? 0;
}

function comparable(name: string): string {
  return name.toLowerCase().replace(/[-_. ]/g, '');
}

/**
 * The name that was probably meant: at most a third of its letters differ, whatever the case and the separators.
 * Nothing when no name is near enough to be suggested.
 */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  if (name.length > longestCompared) return undefined;
  const wanted = comparable(name);
  let best: { name: string; distance: number } | undefined;
  for (const candidate of names) {
    if (candidate.length > longestCompared) continue;
    const other = comparable(candidate);
    const away = distance(wanted, other);
    const bound = Math.max(1, Math.floor(Math.max(wanted.length, other.length) / 3));
    if (away <= bound && away < other.length && (!best || away < best.distance)) {
      best = { name: candidate, distance: away };
    }
  }
  return best?.name;
}

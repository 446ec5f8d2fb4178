/** However many pages are open, nobody who comes to one is shown anything older. */
export const MOST_AGE_MS = 10_000;

/** How a season is called where a catalogue has one record per season. */
export function seasonTitle(show: string, season: number | null): string {
  return season === null ? show : `${show} Season ${season}`;
}

/** Series and season of such a title; null when it names no season. */
export function splitSeasonTitle(title: string): { show: string; season: number } | null {
  const [, show, season] = /^(.*\S)\s+Season\s+(\d{1,4})$/i.exec(title.trim()) ?? [];
  return show === undefined ? null : { show, season: Number(season) };
}

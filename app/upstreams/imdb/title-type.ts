/** What a title of IMDb is here; `other`: neither film nor series; null: the type does not say which, or is not known. */
export type TitleType = "movie" | "series" | "episode" | "other" | null;

/**
 * Codes of old files and texts of new ones, which are in the language of the account, in lower case. TV
 * specials are left open: TMDB has some as films and some as series. Texts that are missing here are left open too.
 */
const types: Readonly<Record<Exclude<TitleType, null>, readonly string[]>> = {
  movie: [
    ...["movie", "tvmovie", "short", "tvshort", "video", "tv movie", "tv short"],
    ...[
      "film",
      "filme",
      "película",
      "film tv",
      "película de tv",
      "fernsehfilm",
      "tv-film",
      "téléfilm",
      "filme para tv",
    ],
    ...["cortometraggio", "cortometraje", "kurzfilm", "court-métrage", "curta-metragem"],
  ],
  series: [
    ...["tvseries", "tvminiseries", "tv series", "tv mini series", "tv mini-series"],
    ...["serie tv", "mini serie tv", "miniserie tv", "serie de tv", "miniserie de tv", "minissérie de tv"],
    ...[
      "fernsehserie",
      "tv-serie",
      "tv-miniserie",
      "série télévisée",
      "mini-série télévisée",
      "série tv",
      "mini-série tv",
    ],
  ],
  episode: [
    "tvepisode",
    "tv episode",
    "episodio tv",
    "episodio de tv",
    "tv-folge",
    "tv-episode",
    "épisode tv",
  ],
  other: [
    ...["videogame", "video game", "videospiel", "videogioco", "videojuego", "jeu vidéo"],
    ...["musicvideo", "music video", "podcastseries", "podcast series", "podcastepisode", "podcast episode"],
  ],
};

/** One spelling whatever the case, the accents and the hyphens. */
const folded = (text: string): string =>
  text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

const byText = new Map<string, TitleType>(
  (["movie", "series", "episode", "other"] as const).flatMap((type) =>
    types[type].map((text) => [folded(text), type] as const),
  ),
);

/** Type behind a cell of `Title Type`. */
export const titleTypeOf = (text: string): TitleType => byText.get(folded(text)) ?? null;

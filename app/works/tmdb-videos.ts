import type { TmdbMovie, TmdbSeries } from "#app/upstreams/tmdb/shapes.ts";
import type { VideoFact } from "#app/works/title-facts.ts";

const FIRST_TYPES = ["Trailer", "Teaser"];
const MOST_VIDEOS = 100;

/** Videos that have a page of their own at YouTube or Vimeo: trailers first, official ones before others. */
export function videosOf(title: TmdbMovie | TmdbSeries): VideoFact[] | undefined {
  return title.videos?.results
    .flatMap((video): VideoFact[] => {
      const url = pageOf(video.site, video.key);
      if (url === null || video.site === null) return [];
      const { key, name, site, type, official } = video;
      return [
        {
          key,
          name,
          site,
          type,
          official,
          url,
          thumbnail_url: thumbnailOf(site, key),
          published_at: video.published_at,
        },
      ];
    })
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, MOST_VIDEOS);
}

function rank(video: VideoFact): number {
  const at = FIRST_TYPES.indexOf(video.type ?? "");
  return 2 * (at === -1 ? FIRST_TYPES.length : at) + (video.official ? 0 : 1);
}

function pageOf(site: string | null, key: string): string | null {
  if (site === "YouTube") return `https://www.youtube.com/watch?v=${encodeURIComponent(key)}`;
  return site === "Vimeo" ? `https://vimeo.com/${encodeURIComponent(key)}` : null;
}

function thumbnailOf(site: string, key: string): string | null {
  return site === "YouTube" ? `https://i.ytimg.com/vi/${encodeURIComponent(key)}/hqdefault.jpg` : null;
}

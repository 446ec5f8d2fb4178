/**
 * TMDB's change feeds: which works each names, and under what its cursor stands in `sync_state`. The names are permanent: the
 * first is the seed's, other people read them.
 */
export const CHANGE_FEEDS = [
  { syncType: "daily_refresh", mediaType: "movie" },
  { syncType: "daily_refresh_tv", mediaType: "tv" },
] as const;

export type ChangeFeed = (typeof CHANGE_FEEDS)[number];

/** What people call the lists that films come from, and the reasons for which works are planned. */
const LABELS: Readonly<Record<string, string>> = {
  all: "All three lists",
  mixed: "All three lists",
  popular: "Popular",
  now_playing: "Now playing",
  trending: "Trending this week",
  refresh: "Refresh",
  new: "new release",
  changed: "changed at TMDB",
  due: "due by age",
  feed_gap: "in a gap of the feed",
};

export const sourceLabel = (source: string): string => LABELS[source] ?? source;

/** One series as the sandbox knows it. */
export type Series = {
  /** TMDB id; movie and TV ids are separate number spaces. */
  id: number;
  imdbId: string | null;
  tvdbId: number | null;
  name: string;
  originalName: string;
  language: string;
  country: string;
  /** YYYY-MM-DD. */
  firstAired: string;
  lastAired: string;
  status: "Ended" | "Returning Series";
  /** Episodes of season 1, 2, …; season 0 is `specials`. */
  episodesPerSeason: readonly number[];
  specials: number;
  /** Minutes of an episode, as OMDb gives it. */
  episodeMinutes: number;
  genres: readonly string[];
  voteAverage: number;
  voteCount: number;
  popularity: number;
  network: string;
  createdBy: readonly string[];
  alternativeNames: readonly string[];
};

type SeriesDetails = {
  original?: string;
  language?: string;
  country?: string;
  tvdb?: number;
  specials?: number;
  createdBy?: string;
  alternative?: readonly string[];
  returning?: true;
};

function series(
  id: number,
  imdbId: string,
  name: string,
  aired: readonly [first: string, last: string],
  episodesPerSeason: readonly number[],
  episodeMinutes: number,
  votes: readonly [average: number, count: number],
  genres: string,
  network: string,
  details: SeriesDetails = {},
): Series {
  return {
    id,
    imdbId,
    tvdbId: details.tvdb ?? null,
    name,
    originalName: details.original ?? name,
    language: details.language ?? "en",
    country: details.country ?? "US",
    firstAired: aired[0],
    lastAired: aired[1],
    status: details.returning ? "Returning Series" : "Ended",
    episodesPerSeason,
    specials: details.specials ?? 0,
    episodeMinutes,
    genres: genres.split(", "),
    voteAverage: votes[0],
    voteCount: votes[1],
    popularity: Math.round((10 + votes[1] / 150) * 1000) / 1000,
    network,
    createdBy: details.createdBy ? details.createdBy.split(", ") : [],
    alternativeNames: details.alternative ?? [],
  };
}

/** Names, dates and ids as TMDB and IMDb list them; same-name series (The Office, Fargo, Battlestar Galactica) on purpose. */
// biome-ignore format: a table reads best as one series per line
export const allSeries: readonly Series[] = [
  series(1396, "tt0903747", "Breaking Bad", ["2008-01-20", "2013-09-29"], [7, 13, 13, 13, 16], 47, [8.9, 15900], "Drama, Crime", "AMC", { tvdb: 81189, specials: 9, createdBy: "Vince Gilligan" }),
  series(1399, "tt0944947", "Game of Thrones", ["2011-04-17", "2019-05-19"], [10, 10, 10, 10, 10, 10, 7, 6], 60, [8.5, 23800], "Sci-Fi & Fantasy, Drama, Action & Adventure", "HBO", { tvdb: 121361, specials: 282, createdBy: "David Benioff, D. B. Weiss" }),
  series(2316, "tt0386676", "The Office", ["2005-03-24", "2013-05-16"], [6, 22, 23, 14, 26, 24, 24, 24, 23], 22, [8.6, 4300], "Comedy", "NBC", { createdBy: "Greg Daniels", specials: 9, alternative: ["The Office (US)"] }),
  series(2996, "tt0290978", "The Office", ["2001-07-09", "2003-12-27"], [6, 6], 30, [7.8, 800], "Comedy", "BBC Two", { country: "GB", specials: 2, createdBy: "Ricky Gervais, Stephen Merchant", alternative: ["The Office (UK)"] }),
  series(1668, "tt0108778", "Friends", ["1994-09-22", "2004-05-06"], [24, 24, 25, 23, 23, 23, 23, 23, 23, 17], 22, [8.4, 8300], "Comedy", "NBC", { specials: 39, createdBy: "David Crane, Marta Kauffman" }),
  series(1400, "tt0098904", "Seinfeld", ["1989-07-05", "1998-05-14"], [5, 12, 23, 24, 22, 24, 24, 24, 22], 22, [8.3, 2000], "Comedy", "NBC", { createdBy: "Larry David, Jerry Seinfeld" }),
  series(1438, "tt0306414", "The Wire", ["2002-06-02", "2008-03-09"], [13, 12, 12, 13, 10], 59, [8.6, 2300], "Crime, Drama", "HBO", { createdBy: "David Simon" }),
  series(1398, "tt0141842", "The Sopranos", ["1999-01-10", "2007-06-10"], [13, 13, 13, 13, 13, 21], 55, [8.6, 3000], "Drama", "HBO", { createdBy: "David Chase" }),
  series(1920, "tt0098936", "Twin Peaks", ["1990-04-08", "2017-09-03"], [8, 22, 18], 47, [8.3, 2400], "Crime, Drama, Mystery", "ABC", { createdBy: "David Lynch, Mark Frost" }),
  series(1104, "tt0804503", "Mad Men", ["2007-07-19", "2015-05-17"], [13, 13, 13, 13, 13, 13, 14], 47, [8.1, 1500], "Drama", "AMC", { createdBy: "Matthew Weiner" }),
  series(1972, "tt0407362", "Battlestar Galactica", ["2004-10-18", "2009-03-20"], [13, 20, 20, 20], 44, [8.2, 1100], "Sci-Fi & Fantasy, Drama", "Syfy"),
  series(71365, "tt0314979", "Battlestar Galactica", ["2003-12-08", "2003-12-09"], [2], 90, [8.1, 300], "Sci-Fi & Fantasy, Drama", "Syfy"),
  series(501, "tt0076984", "Battlestar Galactica", ["1978-09-17", "1979-04-29"], [24], 45, [7.0, 200], "Sci-Fi & Fantasy, Action & Adventure", "ABC"),
  series(4613, "tt0185906", "Band of Brothers", ["2001-09-09", "2001-11-04"], [10], 60, [8.6, 3600], "Drama, War & Politics", "HBO"),
  series(2207, "tt0072500", "Fawlty Towers", ["1975-09-19", "1979-10-25"], [6, 6], 30, [8.4, 500], "Comedy", "BBC Two", { country: "GB" }),
  series(57243, "tt0436992", "Doctor Who", ["2005-03-26", "2022-10-23"], [13, 13, 13, 13, 13, 14, 13, 12, 12, 12, 10, 10, 6], 45, [7.5, 3000], "Action & Adventure, Drama, Sci-Fi & Fantasy", "BBC One", { country: "GB" }),
  series(239770, "tt31433814", "Doctor Who", ["2024-05-11", "2025-05-31"], [8, 8], 45, [6.4, 300], "Action & Adventure, Drama, Sci-Fi & Fantasy", "BBC One", { country: "GB" }),
  series(19885, "tt1475582", "Sherlock", ["2010-07-25", "2017-01-15"], [3, 3, 3, 3], 90, [8.5, 5800], "Crime, Drama, Mystery", "BBC One", { country: "GB" }),
  series(42009, "tt2085059", "Black Mirror", ["2011-12-04", "2025-04-10"], [3, 4, 6, 6, 3, 5, 6], 60, [8.3, 5600], "Sci-Fi & Fantasy, Drama, Mystery", "Netflix", { country: "GB", returning: true }),
  series(60622, "tt2802850", "Fargo", ["2014-04-15", "2024-01-16"], [10, 10, 10, 11, 10], 53, [8.3, 3000], "Crime, Drama", "FX"),
  series(46648, "tt2356777", "True Detective", ["2014-01-12", "2024-02-18"], [8, 8, 8, 6], 60, [8.3, 3900], "Drama, Mystery", "HBO"),
  series(60059, "tt3032476", "Better Call Saul", ["2015-02-08", "2022-08-15"], [10, 10, 10, 10, 10, 13], 47, [8.7, 5500], "Crime, Drama", "AMC"),
  series(63247, "tt0475784", "Westworld", ["2016-10-02", "2022-08-14"], [10, 10, 8, 8], 60, [8.0, 5000], "Sci-Fi & Fantasy, Western", "HBO"),
  series(66732, "tt4574334", "Stranger Things", ["2016-07-15", "2025-12-31"], [8, 9, 8, 9, 8], 50, [8.6, 18000], "Sci-Fi & Fantasy, Mystery, Action & Adventure", "Netflix"),
  series(67070, "tt5687612", "Fleabag", ["2016-07-21", "2019-04-08"], [6, 6], 27, [8.3, 1200], "Comedy, Drama", "BBC Three", { country: "GB", createdBy: "Phoebe Waller-Bridge" }),
  series(65494, "tt4786824", "The Crown", ["2016-11-04", "2023-12-14"], [10, 10, 10, 10, 10, 10], 58, [8.2, 2100], "Drama", "Netflix", { country: "GB" }),
  series(70523, "tt5753856", "Dark", ["2017-12-01", "2020-06-27"], [10, 8, 8], 54, [8.4, 7000], "Crime, Drama, Mystery", "Netflix", { language: "de", country: "DE" }),
  series(87108, "tt7366338", "Chernobyl", ["2019-05-06", "2019-06-03"], [5], 65, [8.7, 6900], "Drama", "HBO"),
  series(82856, "tt8111088", "The Mandalorian", ["2019-11-12", "2023-04-19"], [8, 8, 8], 40, [8.4, 10500], "Sci-Fi & Fantasy, Action & Adventure", "Disney+", { returning: true }),
  series(76479, "tt1190634", "The Boys", ["2019-07-25", "2024-07-18"], [8, 8, 8, 8], 60, [8.5, 11000], "Sci-Fi & Fantasy, Action & Adventure", "Prime Video", { returning: true }),
  series(97546, "tt10986410", "Ted Lasso", ["2020-08-14", "2023-05-31"], [10, 12, 12], 35, [8.4, 1900], "Comedy, Drama", "Apple TV+", { returning: true }),
  series(87739, "tt10048342", "The Queen's Gambit", ["2020-10-23", "2020-10-23"], [7], 60, [8.4, 4500], "Drama", "Netflix"),
  series(93405, "tt10919420", "Squid Game", ["2021-09-17", "2025-06-27"], [9, 7, 6], 55, [7.8, 16000], "Action & Adventure, Mystery, Drama", "Netflix", { original: "오징어 게임", language: "ko", country: "KR", createdBy: "Hwang Dong-hyuk" }),
  series(94605, "tt11126994", "Arcane", ["2021-11-06", "2024-11-23"], [9, 9], 41, [8.8, 4900], "Animation, Sci-Fi & Fantasy, Action & Adventure", "Netflix"),
  series(95396, "tt11280740", "Severance", ["2022-02-17", "2025-03-20"], [9, 10], 50, [8.4, 2500], "Drama, Mystery, Sci-Fi & Fantasy", "Apple TV+", { returning: true }),
  series(83867, "tt9253284", "Andor", ["2022-09-21", "2025-05-13"], [12, 12], 45, [8.3, 1800], "Sci-Fi & Fantasy, Action & Adventure, Drama", "Disney+"),
  series(30991, "tt0213338", "Cowboy Bebop", ["1998-04-03", "1999-04-24"], [26], 25, [8.5, 2000], "Animation, Action & Adventure, Sci-Fi & Fantasy", "TV Tokyo", { original: "カウボーイビバップ", language: "ja", country: "JP" }),
  series(13916, "tt0877057", "Death Note", ["2006-10-04", "2007-06-27"], [37], 23, [8.6, 5000], "Animation, Mystery, Sci-Fi & Fantasy", "Nippon TV", { original: "DEATH NOTE", language: "ja", country: "JP" }),
];

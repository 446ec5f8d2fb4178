/** TMDB's own genre ids; movies and series share the number space. */
const GENRE_IDS: Record<string, number> = {
  Action: 28,
  "Action & Adventure": 10759,
  Adventure: 12,
  Animation: 16,
  Comedy: 35,
  Crime: 80,
  Documentary: 99,
  Drama: 18,
  Family: 10751,
  Fantasy: 14,
  History: 36,
  Horror: 27,
  Music: 10402,
  Mystery: 9648,
  Romance: 10749,
  "Science Fiction": 878,
  "Sci-Fi & Fantasy": 10765,
  Thriller: 53,
  War: 10752,
  "War & Politics": 10768,
  Western: 37,
};

/** The ids of named genres, those without one left out. */
export function genreIds(names: readonly string[]): number[] {
  return genres(names).map((genre) => genre.id);
}

/** Named genres as details bodies list them. */
export function genres(names: readonly string[]): { id: number; name: string }[] {
  return names.flatMap((name) => {
    const id = GENRE_IDS[name];
    return id === undefined ? [] : [{ id, name }];
  });
}

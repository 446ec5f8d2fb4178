import { z } from "zod";

const text = z.string().nullish();
const number = z.number().nullish();

/** POST /movies as the callers of the real one send it; unknown keys pass. */
export const movieInputSchema = z.looseObject({
  title: text,
  description: text,
  language: text,
  year: number,
  genre: text,
  viewingDate: text,
  date: text,
  imdbRating: z.union([z.string(), z.number()]).nullish(),
  imdbId: text,
  posterUrl: text,
  tmdbId: number,
  loved: z.boolean().nullish(),
  review: number,
  note: text,
});

/** POST /shows as jobsapi sends it, plus what GET gives back. */
export const showInputSchema = z.looseObject({
  title: text,
  showName: text,
  seasonNumber: number,
  description: text,
  language: text,
  year: number,
  genre: text,
  startedDate: text,
  completedDate: text,
  status: text,
  imdbRating: z.union([z.string(), z.number()]).nullish(),
  imdbId: text,
  posterUrl: text,
  tmdbId: number,
});

export type MovieRecord = {
  id: number;
  title: string;
  description: string;
  review: number | null;
  note: string | null;
  language: string;
  year: number;
  genre: string;
  posterUrl: string;
  viewingDate: string;
  loved: boolean;
  /** A string in the real one; "0.0" is unknown. */
  imdbRating: string;
  imdbId: string;
  tmdbId: number;
  createdAt: string;
  updatedAt: string;
};

export type ShowRecord = {
  id: number;
  title: string;
  language: string;
  description: string;
  releaseStartYear: number;
  releaseEndYear: number | null;
  genre: string;
  posterUrl: string;
  startedDate: string;
  completedDate: string | null;
  status: string;
  imdbRating: string | null;
  imdbId: string;
  tmdbId: number;
  createdAt: string;
  updatedAt: string;
  seasons: Record<string, unknown>[];
};

type MovieInput = z.infer<typeof movieInputSchema>;
type ShowInput = z.infer<typeof showInputSchema>;

function rating(value: string | number | null | undefined): string {
  return value === null || value === undefined ? "0.0" : String(value);
}

/** The remote catalogue's records, in memory. */
export class CatalogueStore {
  movies: MovieRecord[] = [];
  shows: ShowRecord[] = [];
  #nextId = 1;

  clear(): void {
    this.movies = [];
    this.shows = [];
  }

  /** A record of the same title (any case), year and viewing day, when there is one. */
  sameMovie(input: MovieInput): MovieRecord | null {
    const title = (input.title ?? "").toLowerCase();
    const day = (input.viewingDate ?? input.date ?? "").slice(0, 10);
    const same = (one: MovieRecord) =>
      one.title.toLowerCase() === title &&
      one.year === (input.year ?? 0) &&
      one.viewingDate.slice(0, 10) === day;
    return this.movies.find(same) ?? null;
  }

  sameShow(input: ShowInput): ShowRecord | null {
    const title = (input.showName ?? input.title ?? "").toLowerCase();
    const season = input.seasonNumber ?? 1;
    const same = (one: ShowRecord) =>
      one.title.toLowerCase() === title && one.seasons.some((held) => held.seasonNumber === season);
    return this.shows.find(same) ?? null;
  }

  addMovie(input: MovieInput, nowIso: string): MovieRecord {
    const record: MovieRecord = {
      id: this.#nextId++,
      title: input.title ?? "",
      description: input.description ?? "",
      review: input.review ?? null,
      note: input.note ?? null,
      language: input.language ?? "",
      year: input.year ?? 0,
      genre: input.genre ?? "",
      posterUrl: input.posterUrl ?? "",
      viewingDate: input.viewingDate ?? input.date ?? nowIso,
      loved: input.loved ?? false,
      imdbRating: rating(input.imdbRating),
      imdbId: input.imdbId ?? "",
      tmdbId: input.tmdbId ?? 0,
      createdAt: nowIso,
      updatedAt: nowIso,
    };
    this.movies.push(record);
    return record;
  }

  /** One POST makes one record with its one season: a duplicate write stays visible as a second record. */
  addShow(input: ShowInput, nowIso: string): ShowRecord {
    const status = input.status === "Started" ? "watching" : (input.status ?? "watching");
    const startedDate = input.startedDate ?? nowIso;
    const completedDate = input.completedDate ?? null;
    const season = {
      id: this.#nextId++,
      seasonNumber: input.seasonNumber ?? 1,
      startedDate,
      completedDate,
      status,
      review: null,
      note: null,
      createdAt: nowIso,
      updatedAt: nowIso,
    };
    const record: ShowRecord = {
      id: this.#nextId++,
      title: input.showName ?? input.title ?? "",
      language: input.language ?? "",
      description: input.description ?? "",
      releaseStartYear: input.year ?? 0,
      releaseEndYear: null,
      genre: input.genre ?? "",
      posterUrl: input.posterUrl ?? "",
      startedDate,
      completedDate,
      status,
      imdbRating: rating(input.imdbRating),
      imdbId: input.imdbId ?? "",
      tmdbId: input.tmdbId ?? 0,
      createdAt: nowIso,
      updatedAt: nowIso,
      seasons: [season],
    };
    this.shows.push(record);
    return record;
  }
}

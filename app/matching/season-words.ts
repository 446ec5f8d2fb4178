import { normalizeTitle } from "./title.ts";

/**
 * How streaming services name seasons and episodes, by language. Words are compared as `normalizeTitle` spells them, so
 * case, accents, non-breaking spaces and the dot of "2. Sezon" do not matter.
 */

/** "Season 2". With a number these words name a season wherever they stand behind a title. */
const seasonWords =
  "season series saison temporada tempada denboraldia sezon sezonul seria řada řady série staffel stagione seizoen säsong " +
  "sesong sæson kausi tuotantokausi evad évad sezona sezóna sezonas hooaeg сезон σεζόν κύκλος シーズン 시즌 季 ซีซั่น ซีซัน ฤดูกาล mùa musim " +
  "עונה الموسم सीज़न सीजन";

/** "Part 2", "Volume 1": seasons of series, but parts of film series as well. */
const partWords =
  "part parte partie partea teil część osa del deel kısım část časť phần часть частина μέρος パート 파트 volume volumen vol " +
  "volym tom ボリューム 볼륨 book livre libro livro buch księga bok boek kirja bog 书 collection colección coleção collezione " +
  "sammlung kolekcja kolekce samling collectie kokoelma";

/** "Episode 5". Words for "chapter" are left out: a "Chapter 14" may be the first episode of a second season. */
const episodeWords =
  "episode episodio episódio épisode ep folge odcinek jakso avsnitt afsnit aflevering epizoda epizóda díl diel epizód rész " +
  "bölüm episodul серия серія эпизод епізод επεισόδιο エピソード 에피소드 ตอนที่ ตอน tập episod פרק الحلقة एपिसोड";

/** What stands where the season would for a series that has only one. */
const limitedSeries = [
  "limited series",
  "miniseries",
  "mini-series",
  "minissérie",
  "miniserie",
  "mini serie",
  "minisérie",
  "mini-série",
  "série limitée",
  "miniserial",
  "miniseriál",
  "serial limitowany",
  "minisarja",
  "mini dizi",
  "minisorozat",
  "miniserija",
  "мини-сериал",
  "минисериал",
  "мінісеріал",
  "μίνι σειρά",
  "リミテッドシリーズ",
  "ミニシリーズ",
  "리미티드 시리즈",
  "미니시리즈",
  "迷你剧",
  "迷你劇",
  "限定剧集",
  "限定影集",
  "มินิซีรีส์",
  "ลิมิเต็ดซีรีส์",
  "מיני-סדרה",
];

const specials = ["specials", "special episodes", "especiais", "especiales", "speciali"];

const oneToTwelve = "one two three four five six seven eight nine ten eleven twelve".split(" ");

const listed = (words: string) => words.split(" ").map(normalizeTitle).join("|");
const seasonWord = listed(seasonWords);
const partWord = listed(partWords);
const episodeWord = listed(episodeWords);
const limited = new Set(limitedSeries.map(normalizeTitle));
const special = new Set(specials.map(normalizeTitle));

const number = "(\\d{1,4})";
/** "1st", "2e", "3ª", "1-й": what ordinals end with, after normalisation. */
const ordinal = "(?: ?(?:st|nd|rd|th|e|er|re|eme|a|o|и|я|ш[аи]))?";
const spelled = `(\\d{1,4}|${oneToTwelve.join("|")})`;

const season = new RegExp(
  `^(?:(?:${seasonWord}) ?${spelled}|${number}${ordinal} (?:${seasonWord})|第 ?${number} ?[季期])(?: (?:${partWord}) \\d{1,2})?$`,
);
const part = new RegExp(`^(?:(?:${partWord}) ?${number}|${number}${ordinal} (?:${partWord}))$`);
const partInWords = new RegExp(`^(?:${partWord}) ?${spelled}$`);
const episode = new RegExp(
  `^(?:(?:${episodeWord}) ?${spelled}|${number}${ordinal} (?:${episodeWord})|第 ?${number} ?[集話话回]|${number} ?[화話话])$`,
);
/** "Season 1 (Redux)". */
const note = / ?\([^()]*\)$/;

/** What a part of a title says of a season: its number, and how sure it is that a season is meant. */
export interface SeasonMark {
  season: number;
  kind: "season" | "limited" | "specials";
}

/** "Season 2", "2. Sezon", "Limited Series", "Specials" (season 0); null for anything else. */
export function seasonMark(text: string): SeasonMark | null {
  const words = normalizeTitle(text.replace(note, "") || text);
  const found = numberIn(season, words);
  if (found !== null) return { season: found, kind: "season" };
  if (limited.has(words)) return { season: 1, kind: "limited" };
  return special.has(words) ? { season: 0, kind: "specials" } : null;
}

/**
 * Number of "Part 2", "Volume 3", "Book 1"; null for anything else, and for "Part II" and "Part Two", which is how films
 * count and how no service names a season.
 */
export const partNumber = (text: string): number | null => numberIn(part, normalizeTitle(text));

/** As `partNumber`, with "Part Two" too: for places where only an episode can be meant. */
export const partNumberInWords = (text: string): number | null => numberIn(partInWords, normalizeTitle(text));

/** Number of "Episode 5", "Episode Five", "5. Bölüm", "第5話"; null for anything else ("Episode IV", "Chapter 5"). */
export const episodeNumber = (text: string): number | null => numberIn(episode, normalizeTitle(text));

function numberIn(pattern: RegExp, words: string): number | null {
  // Marks are short; a hostile title is not worth a pattern of two hundred words.
  if (words.length > 60) return null;
  const found = pattern
    .exec(words)
    ?.slice(1)
    .find((group) => group !== undefined);
  if (found === undefined) return null;
  const place = oneToTwelve.indexOf(found);
  return place === -1 ? Number(found) : place + 1;
}

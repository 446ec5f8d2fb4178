/**
 * Titles as text: one spelling to compare by, one key to store by, and the few other spellings worth searching for.
 *
 * Pure and hot: intake normalises every row of a file (100,000 and more), so plain ASCII titles take a path without
 * Unicode normalisation (about 0.5 µs against 4 µs for the full one).
 */

export type TitleKind = "movie" | "tv";

const plain = /^[a-z0-9]+(?: [a-z0-9]+)*$/;
const ascii = /^[\x20-\x7e]*$/;
/** "S.W.A.T.", "M*A*S*H", "E.T.": initials are one word, whatever stands between them. */
const initials = /(?<![\p{L}\p{N}])\p{L}(?:[.*]\p{L})+(?![\p{L}\p{N}])/gu;
const initialsMark = /[.*]/g;
/** Typed apostrophes of every keyboard, and what is invisible: joiners, soft hyphen, direction marks, BOM. */
const dropped = /['`´‘’‛′＇\u02b9-\u02bf\p{Cf}]/gu;
/** Marks that decorate Latin, Greek and Cyrillic letters. Vowel signs and voicing marks of other scripts are letters there and stay. */
const accents = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g;
const separators = /[^\p{L}\p{N}\p{M}]+/gu;
/** Latin letters that Unicode does not take apart. */
const unlike: Record<string, string> = {
  ø: "o",
  đ: "d",
  ð: "d",
  ł: "l",
  ħ: "h",
  ŧ: "t",
  æ: "ae",
  œ: "oe",
  þ: "th",
  ı: "i",
};
const unlikeLetters = /[øđðłħŧæœþı]/g;
/** "Alien³" is "Alien 3" and "8½" is "8 1/2": compatibility decomposition alone would glue them to "alien3" and "81/2". */
const raised = /[²³¹⁰⁴-⁹₀-₉¼-¾⅐-⅞]/g;

/**
 * One spelling per title: lower case, no accents, `&` and a free-standing `+` as "and", punctuation as a space, apostrophes and the dots of
 * initials gone, white space collapsed. Letters of other scripts are kept. Idempotent, and the same for every Unicode form
 * and case of a title. Empty only for a blank title: one made of symbols alone ("$", "…") stays as it is, in lower case.
 */
export function normalizeTitle(title: string): string {
  const lower = title.toLowerCase();
  if (plain.test(lower)) return lower;
  const spelled = ascii.test(lower) ? spellAscii(lower) : spellUnicode(title.normalize("NFC"));
  return spelled === "" ? symbolsOnly(title) : spelled;
}

function spellAscii(lower: string): string {
  const text = lower.includes(".") || lower.includes("*") ? joinInitials(lower) : lower;
  let out = "";
  let gap = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isWord = (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
    if (isWord) {
      out += gap && out !== "" ? ` ${text[at]}` : text[at];
      gap = false;
    } else if (code === 38 || (code === 43 && text[at - 1] === " " && text[at + 1] === " ")) {
      out += out === "" ? "and" : " and";
      gap = true;
    } else if (code !== 39 && code !== 96) {
      gap = true;
    }
  }
  // "&" alone is a title of symbols, not the word "and".
  return out === "and" && !text.includes("and") ? "" : out;
}

function spellUnicode(title: string): string {
  const folded = foldCase(title.replace(raised, " $&").replace(dropped, ""))
    .normalize("NFKD")
    .replace(dropped, "")
    .replace(accents, "");
  // Once more: decomposition brings capitals back ("™" becomes "TM").
  const text = joinInitials(foldCase(folded).normalize("NFKD").replace(accents, "")).replace(
    unlikeLetters,
    (letter) => unlike[letter] ?? letter,
  );
  const words = text
    .replace(/&|(?<=\s)\+(?=\s)/g, " and ")
    .replace(separators, " ")
    .trim();
  return (words === "and" && !text.includes("and") ? "" : words).normalize("NFC");
}

/** Case folding by way of capitals: "ß", "ς" and "ſ" meet "ss", "σ" and "s", which lower-casing alone leaves apart. */
function foldCase(text: string): string {
  return text.toUpperCase().toLowerCase().replaceAll("ς", "σ");
}

function joinInitials(text: string): string {
  return text.replace(initials, (word) => word.replace(initialsMark, ""));
}

function symbolsOnly(title: string): string {
  return title.normalize("NFC").toLowerCase().replace(/\s+/g, " ").trim();
}

const keyTitleLength = 160;

/**
 * Key of what a row asks for: `"the matrix|1999|movie"`, at most 200 characters. Rows with the same key share one look-up
 * and one alias. Titles past 160 characters are cut and carry a hash of the whole, so that they stay apart.
 */
export function titleKey(title: string, year: number | null, kind: TitleKind | null): string {
  const whole = normalizeTitle(title);
  const short = whole.length <= keyTitleLength ? whole : `${cutAt(whole, keyTitleLength)}~${hash(whole)}`;
  return `${short}|${year ?? ""}|${kind ?? ""}`;
}

/** Cuts without leaving half of a surrogate pair behind: PostgreSQL refuses lone surrogates. */
function cutAt(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}

/** Two FNV-1a rounds of 32 bits from different offsets, as 16 hex digits. Not for secrets: it only tells long titles apart. */
function hash(text: string): string {
  let one = 0x811c9dc5;
  let two = 0x9747b28c;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 0x01000193);
    two = Math.imul(two ^ (code + at), 0x01000193);
  }
  return [one, two].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}

/** Articles that catalogues put behind a comma ("Matrix, The"; "Avventura, L'"). Only a comma makes the foreign ones safe to move. */
const trailingArticle =
  /^(.+),\s*(the|an?|l[eao]s?|l['’]|une?|des|de[rnms]|das|die|ein|eine|el|il|lo|gli|i|os?|as?|um|uma|het|een|en|ett?)$/iu;

/**
 * Normalised title without its English article, wherever it stands: "The Matrix", "Matrix, The" and "Matrix" are the same.
 * For comparing, never for storing: "The Thing" and "Thing" are different films.
 */
export function foldArticle(title: string): string {
  const words = normalizeTitle(moveArticle(title));
  return words.replace(/^(?:the|an?) (?=.)/, "");
}

function moveArticle(title: string): string {
  if (!title.includes(",")) return title;
  const parts = trailingArticle.exec(title.trim());
  const [, rest, article] = parts ?? [];
  if (rest === undefined || article === undefined) return title;
  return /['’]$/.test(article) ? `${article}${rest}` : `${article} ${rest}`;
}

const trailingYearPattern = /\s*[([]\s*((?:18[7-9]|19\d|20\d)\d)\s*[)\]]\s*$/;
const countryCode =
  /\s*[([]\s*(?:U\.?S\.?A?\.?|U\.?K\.?|GB|AU|CA|NZ|IE|FR|DE|ES|IT|JP|KR|CN|IN|BR|MX|AR|DK|SE|NO|FI|NL|BE|PL|RU|TR)\s*[)\]]\s*$/;
const edition =
  "(?:the\\s+)?(?:director['’]?s|extended|final|ultimate|theatrical|unrated|uncut|special|collector['’]?s|anniversary|\\d+th anniversary|international|restored|definitive|criterion)\\s+(?:cut|edition|version)|(?:digitally\\s+)?remastered(?:\\s+(?:version|edition))?|4k(?:\\s+(?:ultra\\s*hd|uhd|remaster(?:ed)?|restoration))?";
/** Words that are an edition only when brackets say so: "Step Up 3D" is that film's title. */
const bracketedEdition = new RegExp(
  `\\s*[([]\\s*(?:${edition}|extended|unrated|uncut|restored|imax|3d|uhd|hd|blu-?ray|dvd)\\s*[)\\]]\\s*$`,
  "i",
);
const trailingEdition = new RegExp(`(?:\\s*[:,–—-]\\s*|\\s+)(?:${edition})\\s*$`, "i");
const trailingBrackets = /\s*\[[^[\]]*\]\s*$/;
const longestCleaned = 300;
const noises = [trailingYearPattern, countryCode, bracketedEdition, trailingEdition, trailingBrackets];

/** Year that a title carries in brackets at its end ("Crash (2005)"), 1870–2099; null without one. */
export function trailingYear(title: string): number | null {
  const year = trailingYearPattern.exec(title)?.[1];
  if (year === undefined || title.length > longestCleaned) return null;
  // "(2012)" alone is a title.
  return /[\p{L}\p{N}]/u.test(title.replace(trailingYearPattern, "")) ? Number(year) : null;
}

/** The title without the year that `trailingYear` finds in it. */
export function withoutTrailingYear(title: string): string {
  return trailingYear(title) === null ? title : title.replace(trailingYearPattern, "");
}

/**
 * Other spellings to search a title by, best first, at most three and never the title itself: without a trailing year,
 * country code, edition and square brackets and with its article in front; with roman numerals for arabic ones and the
 * other way round; with "and" for "&" and the other way round.
 */
export function cleanTitle(title: string): string[] {
  const given = title.replace(/\s+/g, " ").trim();
  if (given.length > longestCleaned) return [];
  const bare = moveArticle(withoutNoise(given));
  const variants = [bare, swapNumerals(bare), swapAmpersand(bare)];
  return [...new Set(variants)].filter((variant) => variant !== given && variant !== "");
}

/** The title without what exports append to it; something always remains ("The Final Cut" is a film, "[REC]" too). */
function withoutNoise(title: string): string {
  let text = title.replace(/\s+/g, " ").trim();
  // No title with an appendix is this long, and stripping one bracket at a time is quadratic on a hostile one.
  if (text.length > longestCleaned) return text;
  for (let changed = true; changed; ) {
    changed = false;
    for (const noise of noises) {
      const shorter = text.replace(noise, "").trim();
      if (shorter === text || !/[\p{L}\p{N}]/u.test(shorter) || /^(?:the|an?)$/i.test(shorter)) continue;
      text = shorter;
      changed = true;
    }
  }
  return text;
}

const romans = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX".split(" ");
/** A numeral counts as one behind a word and before the end or a subtitle: "Rocky II", "Rocky 2", "Part II: …". */
const numeral = /(?<=[\p{L}\p{N}][.,]? )([IVX]+|[1-9]|1\d|20)(?=$|\s*[:–—(-])/gu;

function swapNumerals(title: string): string {
  return title.replace(numeral, (token: string) => {
    if (token === "I") return token; // a pronoun far more often than a number ("Withnail & I")
    const roman = /^\d/.test(token) ? romans[Number(token) - 1] : undefined;
    const place = romans.indexOf(token) + 1;
    return roman ?? (place > 0 ? String(place) : token);
  });
}

function swapAmpersand(title: string): string {
  if (/\s&\s/.test(title)) return title.replace(/\s&\s/g, " and ");
  return title.replace(/\sand\s/gi, " & ");
}

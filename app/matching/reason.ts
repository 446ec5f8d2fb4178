/** Why a decision was taken, as a code to filter by and a sentence for the operator. */
export interface Reason {
  code: ReasonCode;
  text: string;
}

const sentences = {
  // match
  decided_before: "An operator has decided this title before.",
  external_id: "The id in the row names this title.",
  title_and_year: "Title and year agree with this one alone.",
  only_title: "The row has no year, and this is the only result with its title.",
  best_known: "Several share this title; this one is far better known than the others.",
  country_agrees: "Several share this title; this one alone is from the country that the title states.",
  // review
  same_title_same_year: "Several titles agree in name and year. Pick the one that was meant.",
  same_title:
    "Several share this title and the row has no year to tell them apart. Pick the one that was meant.",
  film_or_series: "A film and a series share this title. Pick the one that was meant.",
  year_off_by_one: "The title agrees, the year is off by one. Check whether it is the same title.",
  year_unknown: "The title agrees, but its release year is not known. Check whether it is the same title.",
  year_differs:
    "The only result with this title is from another year. Check whether the year in the row is right.",
  loose_title:
    "The title nearly agrees, and the row has no year to confirm it. Check whether it is the same title.",
  part_of_title: "Only a part of the title agrees. Check whether it is the same title.",
  better_known_rival:
    "The title agrees with a little-known one, and nearly with a well-known one. Pick the one that was meant.",
  not_clearly_best: "Another result fits about as well. Pick the one that was meant.",
  id_disagrees: "The id in the row names a title with another name and year. Check which of them is right.",
  several_for_id: "The id in the row names several titles. Pick the one that was meant.",
  // none
  no_candidates: "The search found nothing. Check the spelling, or enter the id.",
  not_looked_up: "The title could not be looked up. Turn TMDB on and try again, or enter the id.",
  no_title_agrees: "The search found nothing with this title. Check the spelling, or enter the id.",
  year_disagrees: "Only titles from other years have this name. Check the year, or enter the id.",
  other_kind:
    "Only a title of the other kind, film or series, has this name. Check the kind, or enter the id.",
} as const;

export type ReasonCode = keyof typeof sentences;

export function reason(code: ReasonCode): Reason {
  return { code, text: sentences[code] };
}

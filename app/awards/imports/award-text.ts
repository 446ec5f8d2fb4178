/** Longer than any award's name; what follows is somebody's review. */
const LONGEST = 200;

/** Words by which a list keeper's remark is known to be about an award. */
const AWARD =
  /\b(win|wins|won|winner|winning|tied|tie|award(?:ed|s)?|prize|prix|nomin\w+|palm[ae]?|lion|bear|oscar|globe|bafta|c[eé]sar|medal|jury|grand|gold(?:en)?|silver|best)\b/iu;

/**
 * What a list of awards says about one of its titles: the line of the keeper's remark that names an award, or its first line.
 *
 * @param description plain text, may have several lines
 * @returns null when there is no remark
 */
export function awardText(description: string | null): string | null {
  const lines = (description ?? "")
    .split(/[\r\n]+|\s+\/\/\s+/)
    .map((line) =>
      line
        .replaceAll(/\s+/g, " ")
        .replace(/^[-*•\s]+/, "")
        .trim(),
    )
    .filter(Boolean);
  const line = lines.find((one) => AWARD.test(one)) ?? lines[0];
  if (!line) return null;
  const short = Array.from(line).slice(0, LONGEST).join("");
  return short.length < line.length ? `${short.trimEnd()}…` : short;
}

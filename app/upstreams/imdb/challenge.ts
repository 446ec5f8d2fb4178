import type { PageParts } from "./page-parts.ts";

/** What stands on a robot check and nowhere on a page that has its content. */
const marks =
  /awswaf|aws-waf|challenge-container|gokuprops|captcha|robot check|not a robot|verify (?:that )?you(?:'re| are)|unusual traffic|checking your browser|403 forbidden|access denied/i;

/** A check is small; the marks stand in its head. */
const LOOKED_AT = 200_000;

/**
 * Whether a page without anything readable on it is IMDb's check for robots. To be asked after reading has found nothing: real
 * pages name captchas in their scripts as well. A page with neither JSON nor one link to a title counts as a check too,
 * because IMDb has no such list or event.
 */
export function isChallenge(html: string, parts: PageParts): boolean {
  if (parts.nextData === undefined && parts.linkedData.length === 0 && parts.titleLinks === 0) return true;
  return parts.nextData === undefined && marks.test(html.slice(0, LOOKED_AT));
}

/** Who holds an event, as its list's settings say (L-05), else as IMDb calls it. */
export interface Organization {
  name: string;
  abbreviation: string | null;
  /** What the settings say beyond names and years. */
  metadata: Record<string, unknown>;
}

const text = (value: unknown): string | null =>
  typeof value === "string" && value.trim() !== "" ? value.trim() : null;

/** Settings of one edition or of the import, not of the organisation. */
const OF_EDITION = new Set(["year", "years", "ceremony_number", "converted_to", "converted_from"]);
const NAMES = new Set(["organization", "org", "organization_name", "organization_abbreviation"]);

/**
 * The organisation that an event's list describes. Its full name stands in `organization_name` or `organization`; a bare key
 * (`"org": "cannes"`) is its abbreviation, and then IMDb's name is taken.
 *
 * @param list.metadata as seed 004 writes it: `{"organization": "cannes", "organization_abbreviation": "CANNES", …}`
 * @param eventName as its page says; null where it does not
 */
export function organizationOf(
  list: { name: string; metadata: Record<string, unknown> },
  eventName: string | null,
): Organization {
  const { metadata } = list;
  const named = text(metadata.organization_name) ?? text(metadata.organization);
  const isKey = named !== null && /^[a-z0-9_-]+$/.test(named);
  const key = text(metadata.org) ?? (isKey ? named : null);
  return {
    name: (isKey ? null : named) ?? eventName ?? list.name.replace(/\s*\b(18|19|20)\d\d\b\s*$/, ""),
    abbreviation: text(metadata.organization_abbreviation) ?? key?.toUpperCase() ?? null,
    metadata: Object.fromEntries(
      Object.entries(metadata).filter(([name]) => !OF_EDITION.has(name) && !NAMES.has(name)),
    ),
  };
}

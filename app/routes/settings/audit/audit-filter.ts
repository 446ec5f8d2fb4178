import type { Actor } from "#app/accounts/actor.ts";
import { type AuditArea, areaOf, auditAreas } from "#app/accounts/audit-actions.ts";

const ACTOR_TYPES = ["operator", "api_key", "system"] as const satisfies readonly Actor["type"][];
const SPANS = { "24h": 86_400_000, "7d": 7 * 86_400_000, "30d": 30 * 86_400_000 } as const;

export type AuditSpan = keyof typeof SPANS;

export const auditSpans = Object.keys(SPANS) as AuditSpan[];

/** Kinds of those who do things, in words. */
export const actorWords: Readonly<Record<Actor["type"], string>> = {
  operator: "operator",
  api_key: "API key",
  system: "system",
};

/** What narrows the audit log, as the address says it. */
export interface AuditView {
  by: Actor["type"] | undefined;
  actor: string | undefined;
  area: AuditArea | undefined;
  action: string | undefined;
  subject: string | undefined;
  since: AuditSpan | undefined;
}

/** Longer texts name nothing that there is. */
const LONGEST = 200;

/** Reads the filter out of an address. What is unknown counts as absent, so that an old or mistyped one still shows a list. */
export function readAuditView(params: URLSearchParams): AuditView {
  const text = (name: string) => params.get(name)?.trim().slice(0, LONGEST) || undefined;
  return {
    by: ACTOR_TYPES.find((type) => type === params.get("by")),
    actor: text("actor"),
    area: auditAreas.find(({ area }) => area === params.get("area"))?.area,
    action: text("action"),
    subject: text("subject"),
    since: auditSpans.find((span) => span === params.get("since")),
  };
}

export function isAuditFiltered(view: AuditView): boolean {
  return Object.values(view).some((value) => value !== undefined);
}

/** The milliseconds of a span. */
export const spanMs = (span: AuditSpan): number => SPANS[span];

/** The present actions that an address asks for; undefined: all. */
export function actionsOf(
  { area, action }: Pick<AuditView, "area" | "action">,
  present: readonly string[],
): string[] | undefined {
  if (action !== undefined) return [action];
  return area === undefined ? undefined : present.filter((each) => areaOf(each) === area);
}

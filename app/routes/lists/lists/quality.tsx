import type { PositionAudit } from "#app/awards/quality/audit-positions.ts";
import { formatGaps } from "#app/awards/quality/audit-positions.ts";
import { Facts } from "#app/ui/facts.tsx";
import { formatCount, formatQuantity } from "#app/ui/format.ts";
import { Section } from "#app/ui/page.tsx";
import { PostButton } from "#app/ui/post-button.tsx";
import { Status } from "#app/ui/status.tsx";

export interface QualityProps {
  found: number;
  declared: number | null;
  positions: PositionAudit;
  /** Titles that nobody knows, and those that are still looked for. */
  unlinked: number;
  open: number;
  isTmdbOn: boolean;
}

/** Whether what is here is all that the list has (L-06). */
export function Quality({ found, declared, positions, unlinked, open, isTmdbOn }: QualityProps) {
  const again = unlinked + open;
  return (
    <Section
      title="Quality"
      aside={
        again > 0 ? (
          <PostButton
            fields={{ intent: "look-again" }}
            disabledReason={isTmdbOn ? null : "TMDB is off: set TMDB_API_KEY and restart"}
          >
            Look again for {formatQuantity(again, "title")}
          </PostButton>
        ) : null
      }
    >
      <Facts
        facts={[
          {
            label: "Declared and found",
            value:
              declared === null ? (
                `${formatCount(found)} found; IMDb does not say how many there are`
              ) : (
                <Status
                  status={found < declared ? "review" : "success"}
                  label={`${formatCount(found)} of ${formatCount(declared)} that IMDb names`}
                />
              ),
          },
          {
            label: "Positions",
            value:
              positions.missing === 0 ? (
                <Status status="success" label="no gaps" />
              ) : (
                <Status
                  status="review"
                  label={`${formatQuantity(positions.missing, "position")} without a title: ${formatGaps(positions.gaps)}`}
                />
              ),
          },
          {
            label: "Works",
            value:
              again === 0 ? (
                <Status status="success" label="every title is linked" />
              ) : (
                `${formatCount(unlinked)} unlinked, ${formatCount(open)} looked for`
              ),
          },
        ]}
      />
    </Section>
  );
}

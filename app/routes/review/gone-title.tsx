import { Anchor } from "@mantine/core";
import { Link, useLocation } from "react-router";
import type { ReviewData } from "#app/routes/review/load-review.server.ts";
import classes from "#app/routes/review/review.module.css";
import { Ago } from "#app/ui/ago.tsx";
import { LinkButton } from "#app/ui/link-button.tsx";
import { withSearch } from "#app/ui/search-params.ts";

type Gone = Extract<NonNullable<ReviewData["open"]>, { state: "gone" }>;

/** What stands where a title was that does not wait any more. */
export function GoneTitle({ gone, list }: { gone: Gone; list: ReviewData["list"] }) {
  const { search } = useLocation();
  const { decision } = gone;
  return (
    <article className={classes.panel} aria-label="Title">
      <header className={classes.asked}>
        <h2>{decision?.title ?? "This title"}</h2>
        {decision ? (
          <p>
            Does not wait any more: {decision.decidedBy} has decided it <Ago at={decision.decidedAt} /> to be{" "}
            {decision.isNone ? "none of the titles found" : (decision.found?.title ?? "another title")}
            {decision.found?.year ? ` (${decision.found.year})` : ""}.
          </p>
        ) : (
          <p>No row waits for a decision on it.</p>
        )}
        {decision ? (
          <p>
            <Anchor component={Link} to={`/review/aliases?${new URLSearchParams({ q: decision.title })}`}>
              Show its alias
            </Anchor>
          </p>
        ) : null}
      </header>
      {list.titles.length > 0 ? (
        <div>
          <LinkButton to={withSearch(search, { title: null, id: null })} tone="primary">
            Next title
          </LinkButton>
        </div>
      ) : null}
    </article>
  );
}

import { Link, useLocation, useNavigate } from "react-router";
import type { ReviewData } from "#app/routes/review/load-review.server.ts";
import classes from "#app/routes/review/review.module.css";
import { hrefOfTitle, stepsFrom } from "#app/routes/review/title-steps.ts";
import { kindWord } from "#app/routes/review/title-words.ts";
import { formatCount, formatQuantity } from "#app/ui/format.ts";
import { KeysetPager } from "#app/ui/keyset-pager.tsx";
import { useShortcut } from "#app/ui/shortcuts.tsx";

type List = ReviewData["list"];

/** The titles that wait, in the order in which they are best decided. `j` and `k` go through them. */
export function TitleList({ list, openKey }: { list: List; openKey: string }) {
  const { search } = useLocation();
  const navigate = useNavigate();
  const { previous, following } = stepsFrom(search, list, openKey);
  const go = (to: string | null) => to !== null && navigate(to, { preventScrollReset: true });
  useShortcut({ keys: "j", label: "Next title", run: () => go(following) });
  useShortcut({ keys: "k", label: "Previous title", run: () => go(previous) });
  return (
    <nav className={classes.list} aria-label="Titles to review">
      <ol>
        {list.titles.map((title) => (
          <li key={title.key}>
            <Link
              to={hrefOfTitle(search, title.key)}
              preventScrollReset
              aria-current={title.key === openKey ? "true" : undefined}
            >
              <span className={classes.name}>
                <span>{title.title}</span>
                <span className={classes.hint}>{hintOf(title)}</span>
              </span>
              <span className={classes.rows}>
                {formatCount(title.rows)}
                <span className="visually-hidden">{title.rows === 1 ? " row waits" : " rows wait"}</span>
              </span>
            </Link>
          </li>
        ))}
      </ol>
      <KeysetPager label="Titles to review" next={list.next} shown={list.titles.length} />
    </nav>
  );
}

function hintOf({ yearHint, kind, imports, isLast }: List["titles"][number]): string {
  return [
    yearHint,
    kind && kindWord[kind],
    imports > 1 ? formatQuantity(imports, "import") : null,
    isLast ? "ends an import" : null,
  ]
    .filter((fact) => fact !== null)
    .join(" · ");
}

import { Tooltip } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import { Link } from "react-router";
import { formatDuration, formatMoment, formatQuantity, type Instant } from "#app/ui/format.ts";
import classes from "#app/ui/run-strip.module.css";

export interface StripRun {
  id: string;
  /** As `job_runs` keeps it: `completed`, `retrying`, `postponed`, `failed`, `lost`, `discarded`. */
  outcome: string;
  durationMs: number | null;
  at: Instant;
  /** The run's page. Give it to all or none. */
  href?: string;
}

export interface RunStripProps {
  /** What ran, for those who cannot see the strip: `Daily refresh`. */
  label: string;
  /** Newest first, as lists are read; drawn with the newest at the right. */
  runs: readonly StripRun[];
  /** Room for so many, whether there are as many or not: the strip's width never changes. 60 when absent. */
  size?: number;
}

/** How an outcome is drawn: height and form say the same as the colour. */
const MARKS: Readonly<Record<string, string>> = {
  completed: "completed",
  retrying: "retrying",
  postponed: "postponed",
  failed: "failed",
  lost: "failed",
  discarded: "discarded",
};

/** A mark with its gap, as the style sheet draws them. */
const MARK_PX = 4;
const GAP_PX = 1;

/** The last runs as small marks, oldest left. Quiet ones are low, what went wrong stands out. */
export function RunStrip({ label, runs, size = 60 }: RunStripProps) {
  const [shown, setShown] = useState<{ id: string; mark: Element } | null>(null);
  const drawn = runs.slice(0, size).toReversed();
  const run = drawn.find(({ id }) => id === shown?.id);
  const hasLinks = drawn.length > 0 && drawn.every(({ href }) => href !== undefined);
  const show = (mark: EventTarget) => {
    const element = mark instanceof Element ? mark.closest("[data-run]") : null;
    const id = element?.getAttribute("data-run");
    setShown(element && id ? { id, mark: element } : null);
  };
  const marks = drawn.map((each) => (
    <Mark key={each.id} run={each} hasLink={hasLinks} isLast={each === drawn.at(-1)} />
  ));
  const common = {
    className: classes.strip,
    style: { width: size * MARK_PX - GAP_PX },
    onPointerOver: (event: { target: EventTarget }) => show(event.target),
    onPointerLeave: () => setShown(null),
  };
  return (
    <>
      {hasLinks ? (
        <ul
          {...common}
          aria-label={stripText(label, drawn)}
          onFocus={(event) => show(event.target)}
          onBlur={() => setShown(null)}
          onKeyDown={moveFocus}
        >
          {marks}
        </ul>
      ) : (
        <div {...common} role="img" aria-label={stripText(label, drawn)}>
          {marks}
        </div>
      )}
      {/* One tooltip for all marks: sixty of their own would be the heaviest thing on the page. */}
      {run && shown?.mark instanceof HTMLElement ? (
        <Tooltip opened label={runText(run)} target={shown.mark} />
      ) : null}
    </>
  );
}

function Mark({ run, hasLink, isLast }: { run: StripRun; hasLink: boolean; isLast: boolean }) {
  const mark = MARKS[run.outcome] ?? "discarded";
  if (!hasLink || run.href === undefined)
    return <span className={classes.mark} data-run={run.id} data-outcome={mark} />;
  return (
    <li>
      {/* One stop for Tab; the arrow keys go on from there. */}
      <Link
        className={classes.mark}
        to={run.href}
        data-run={run.id}
        data-outcome={mark}
        tabIndex={isLast ? 0 : -1}
        aria-label={runText(run)}
      />
    </li>
  );
}

/** Arrow keys, Home and End move among the marks of a strip. */
function moveFocus(event: KeyboardEvent<HTMLUListElement>): void {
  const links = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>("a")];
  const at = links.findIndex((link) => link.matches(":focus"));
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: links.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  links[to]?.focus();
}

/** `completed in 1.2 s · 12 Nov 2026, 03:00 UTC` */
function runText({ outcome, durationMs, at }: StripRun): string {
  const duration = durationMs === null ? "" : ` in ${formatDuration(durationMs)}`;
  return `${outcome}${duration} · ${formatMoment(at)}`;
}

/** `Daily refresh, last 60 runs: 58 completed, 2 failed` */
function stripText(label: string, runs: readonly StripRun[]): string {
  if (runs.length === 0) return `${label}: no run yet`;
  const counts = new Map<string, number>();
  for (const { outcome } of runs) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const words = [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([outcome, count]) => `${count} ${outcome}`);
  return `${label}, last ${formatQuantity(runs.length, "run")}: ${words.join(", ")}`;
}

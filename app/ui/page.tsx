import { type ReactNode, use } from "react";
import { Link, useLocation } from "react-router";
import { documentTitle, formatCount } from "#app/ui/format.ts";
import { HeaderControlsContext } from "#app/ui/header-controls.tsx";
import classes from "#app/ui/page.module.css";
import { withSearch } from "#app/ui/search-params.ts";

export interface PageTab {
  /** The value in the URL. The first tab is the default and stays out of it. */
  value: string;
  label: string;
  count?: number;
  /** The page that it leads to, where the tabs are pages of their own; absent: this page with another parameter. */
  to?: string;
}

export interface PageTabs {
  current: string;
  tabs: readonly PageTab[];
  /** `tab` when absent. */
  param?: string;
}

export interface PageProps {
  title: string;
  /** What needs a person, for the browser tab: `3 failed` makes `(3 failed) Imports · Reeldesk`. */
  state?: string | null;
  /** Facts under the title, parted by dots; null ones are left out. */
  meta?: readonly ReactNode[];
  /** Buttons, the primary one last. At the right of the title; on phones in a bar at the bottom. */
  actions?: ReactNode;
  /** The list this page was reached from. */
  back?: { to: string; label: string };
  tabs?: PageTabs;
  children: ReactNode;
}

/** A screen: its title, what it is about, what can be done, and its content. Sets the title of the document as well. */
export function Page({ title, state, meta = [], actions, back, tabs, children }: PageProps) {
  const controls = use(HeaderControlsContext);
  const facts = meta.filter((fact) => fact !== null && fact !== undefined && fact !== false);
  return (
    <div className={classes.page} data-actions={actions ? true : undefined}>
      <title>{documentTitle(title, state)}</title>
      <header className={classes.header}>
        <div className={classes.heading}>
          {back ? (
            <Link className={classes.back} to={back.to}>
              <span aria-hidden>←</span> {back.label}
            </Link>
          ) : null}
          <h1 className={classes.title}>{title}</h1>
        </div>
        {actions ? <div className={classes.actions}>{actions}</div> : null}
        <div className={classes.meta}>
          {facts.map((fact, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: facts have a fixed order and no name
            <span key={index}>{fact}</span>
          ))}
        </div>
        {controls ? <div className={classes.controls}>{controls}</div> : null}
      </header>
      {tabs ? <Tabs {...tabs} /> : <hr className={classes.rule} />}
      <div className={classes.content}>{children}</div>
    </div>
  );
}

function Tabs({ current, tabs, param = "tab" }: PageTabs) {
  const { search } = useLocation();
  return (
    <nav className={classes.tabs} aria-label="Views">
      {tabs.map((tab, index) => (
        <Link
          key={tab.value}
          className={classes.tab}
          to={tab.to ?? withSearch(search, { [param]: index === 0 ? null : tab.value, page: null })}
          aria-current={tab.value === current ? "page" : undefined}
          preventScrollReset
        >
          {tab.label}
          {tab.count === undefined ? null : (
            <span className={classes.tabCount}>{formatCount(tab.count)}</span>
          )}
        </Link>
      ))}
    </nav>
  );
}

export interface SectionProps {
  title: string;
  /** At the right of the heading: a link or a button. */
  aside?: ReactNode;
  children: ReactNode;
}

/** A part of a screen under its own heading. */
export function Section({ title, aside, children }: SectionProps) {
  return (
    <section className={classes.section}>
      <div className={classes.sectionHeader}>
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

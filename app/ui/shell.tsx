import { ActionIcon, Tooltip } from "@mantine/core";
import { IconKeyboard, IconMenu2 } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef } from "react";
import { NavLink, useLocation, useNavigate } from "react-router";
import { ColorSchemeToggle } from "#app/ui/color-scheme-toggle.tsx";
import { formatCount } from "#app/ui/format.ts";
import { HeaderControlsContext } from "#app/ui/header-controls.tsx";
import { LiveControl, LiveProvider } from "#app/ui/live.tsx";
import { NAVIGATION, type NavigationItem } from "#app/ui/navigation.ts";
import { OperatorMenu, type OperatorMenuProps } from "#app/ui/operator-menu.tsx";
import classes from "#app/ui/shell.module.css";
import { ShortcutsProvider, useShortcut, useShortcutSheet } from "#app/ui/shortcuts.tsx";
import { TmdbAttribution } from "#app/ui/tmdb-attribution.tsx";

export interface ShellProps {
  operator: OperatorMenuProps;
  /** `NAVIGATION` when absent; with counts from `withCounts`. */
  navigation?: readonly NavigationItem[];
  /** Whether every upstream is the bundled sandbox. */
  sandbox: boolean;
  version: string;
  children: ReactNode;
}

/** What stands around every page of a signed-in operator. Pages inside it are made with `Page`. */
export function Shell({ operator, navigation = NAVIGATION, sandbox, version, children }: ShellProps) {
  return (
    <ShortcutsProvider>
      <LiveProvider>
        <div className={classes.shell}>
          <a className={classes.skip} href="#content">
            Skip to content
          </a>
          <div className={classes.bar}>
            <ActionIcon aria-label="Navigation" popoverTarget={NAVIGATION_ID}>
              <IconMenu2 size={16} stroke={1.5} />
            </ActionIcon>
            {/* The navigation says the name again. */}
            <span className={classes.brand} aria-hidden>
              Reeldesk
            </span>
          </div>
          <Navigation items={navigation} operator={operator} />
          <div className={classes.column}>
            <main id="content" className={classes.main} tabIndex={-1}>
              <HeaderControlsContext value={<HeaderControls operator={operator} />}>
                {children}
              </HeaderControlsContext>
            </main>
            <Footer sandbox={sandbox} version={version} />
          </div>
        </div>
      </LiveProvider>
    </ShortcutsProvider>
  );
}

const NAVIGATION_ID = "navigation";

/**
 * One element for both widths: a column beside the page, and on phones a popover, which opens, closes and traps Esc without
 * any script.
 */
function Navigation({ items, operator }: { items: readonly NavigationItem[]; operator: OperatorMenuProps }) {
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is the occasion, not an input
  useEffect(() => {
    if (nav.current?.matches(":popover-open")) nav.current.hidePopover();
  }, [pathname]);
  return (
    <nav ref={nav} id={NAVIGATION_ID} className={classes.navigation} aria-label="Main" popover="auto">
      <span className={classes.brand}>Reeldesk</span>
      <ul>
        {items.map((item) => (
          <li key={item.to}>
            <NavigationLink item={item} />
          </li>
        ))}
      </ul>
      <noscript>
        <form method="post" action={operator.signOutAction}>
          <button type="submit">Sign out</button>
        </form>
      </noscript>
    </nav>
  );
}

function NavigationLink({ item }: { item: NavigationItem }) {
  const navigate = useNavigate();
  useShortcut({ keys: `g ${item.letter}`, label: `Go to ${item.label}`, run: () => navigate(item.to) });
  const waiting = item.count ?? 0;
  return (
    <NavLink to={item.to} end={item.to === "/"} className={classes.item}>
      <item.icon size={16} stroke={1.5} aria-hidden />
      <span>{item.label}</span>
      {waiting > 0 ? (
        <span className={classes.count}>
          {formatCount(waiting)}
          <span className="visually-hidden"> waiting</span>
        </span>
      ) : null}
    </NavLink>
  );
}

function HeaderControls({ operator }: { operator: OperatorMenuProps }) {
  const openSheet = useShortcutSheet();
  return (
    <>
      <LiveControl />
      <Tooltip label="Keyboard shortcuts (?)">
        <ActionIcon className={classes.keyboard} aria-label="Keyboard shortcuts" onClick={openSheet}>
          <IconKeyboard size={16} stroke={1.5} />
        </ActionIcon>
      </Tooltip>
      <ColorSchemeToggle />
      <OperatorMenu {...operator} />
    </>
  );
}

function Footer({ sandbox, version }: { sandbox: boolean; version: string }) {
  return (
    <footer className={classes.footer}>
      <TmdbAttribution />
      {sandbox ? (
        <span className={classes.sandbox}>
          <span aria-hidden /> Sandbox: every upstream is a local stand-in.
        </span>
      ) : null}
      <span className={classes.version}>Reeldesk {version}</span>
    </footer>
  );
}

import { Tooltip, UnstyledButton } from "@mantine/core";
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useFetchers, useNavigation, useRevalidator } from "react-router";
import classes from "#app/ui/live.module.css";
import { Pace } from "#app/ui/live-pace.ts";
import { listenToChanges, type SourceState } from "#app/ui/live-source.ts";
import { useShortcut } from "#app/ui/shortcuts.tsx";

/** `off`: nothing on this page changes by itself. */
export type LiveState = SourceState | "paused" | "off";

interface Live {
  state: LiveState;
  paused: boolean;
  setPaused: (paused: boolean) => void;
  /** Announces a topic of the page; returns what takes it back. */
  follow: (url: string) => () => void;
}

const LiveContext = createContext<Live | null>(null);

/**
 * Keeps the page fresh while it is on screen: whenever the server says "changed" on the topic, the loaders run again, at most once
 * a second. Does nothing while the tab is hidden or updates are paused.
 *
 * @param topicUrl URL of an event stream that sends `changed` events; null when nothing can change any more
 */
export function useLive(topicUrl: string | null): void {
  const follow = use(LiveContext)?.follow;
  useEffect(() => {
    if (topicUrl === null || !follow) return;
    return follow(topicUrl);
  }, [topicUrl, follow]);
}

/** Holds the streams of the page. Stands once, in the shell. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [topics, setTopics] = useState<readonly string[]>([]);
  const [states, setStates] = useState<Readonly<Record<string, SourceState>>>({});
  const [paused, setPaused] = usePaused();
  const hidden = useHidden();
  const pace = usePacedRevalidation();

  const follow = useCallback((url: string) => {
    setTopics((present) => [...present, url]);
    return () => setTopics((present) => present.toSpliced(present.indexOf(url), 1));
  }, []);

  const listening = !paused && !hidden;
  const missed = useRef(false);
  const urls = useMemo(() => [...new Set(topics)].sort().join("\n"), [topics]);
  useEffect(() => {
    if (!listening || urls === "") {
      pace.stop();
      missed.current = urls !== "";
      return;
    }
    setStates({});
    const stops = urls.split("\n").map((url) =>
      listenToChanges(url, missed.current, {
        onChanged: () => pace.request(),
        onState: (state) => {
          // What still waits for its second would find no server.
          if (state === "reconnecting") pace.stop();
          setStates((present) => ({ ...present, [url]: state }));
        },
      }),
    );
    missed.current = false;
    return () => {
      for (const stop of stops) stop();
    };
  }, [urls, listening, pace]);

  const live = useMemo<Live>(
    () => ({ state: overall(urls, paused, Object.values(states)), paused, setPaused, follow }),
    [urls, paused, states, setPaused, follow],
  );
  return <LiveContext value={live}>{children}</LiveContext>;
}

function overall(urls: string, paused: boolean, states: readonly SourceState[]): LiveState {
  if (urls === "") return "off";
  if (paused) return "paused";
  if (states.includes("reconnecting")) return "reconnecting";
  return states.length > 0 && states.every((state) => state === "live") ? "live" : "connecting";
}

/**
 * Asks the loaders again: coalesced, once a second at most, never into a navigation, and not while a form waits for its answer:
 * an update that takes away what was pressed would take the answer with it.
 */
function usePacedRevalidation(): Pace {
  const revalidator = useRevalidator();
  const navigation = useNavigation();
  const isSending = useFetchers().some(({ state }) => state !== "idle");
  const busy = isSending || revalidator.state !== "idle" || navigation.state !== "idle";
  const present = useRef({ busy, revalidate: revalidator.revalidate });
  const [pace] = useState(
    () =>
      new Pace({
        interval: 1_000,
        busy: () => present.current.busy,
        run: () => present.current.revalidate(),
        now: () => performance.now(),
        schedule: (callback, ms) => {
          const timer = setTimeout(callback, ms);
          return () => clearTimeout(timer);
        },
      }),
  );
  useEffect(() => {
    present.current = { busy, revalidate: revalidator.revalidate };
    if (!busy) pace.attempt();
  }, [busy, revalidator.revalidate, pace]);
  useEffect(() => () => pace.stop(), [pace]);
  return pace;
}

const STORAGE_KEY = "reeldesk-live";

/** Whether this browser wants no updates; kept over visits and shared by its tabs. */
function usePaused(): readonly [boolean, (paused: boolean) => void] {
  const [paused, setPaused] = useState(false);
  useEffect(() => {
    const read = () => setPaused(readStored() === "paused");
    read();
    window.addEventListener("storage", read);
    return () => window.removeEventListener("storage", read);
  }, []);
  const store = useCallback((value: boolean) => {
    setPaused(value);
    try {
      localStorage.setItem(STORAGE_KEY, value ? "paused" : "live");
    } catch {
      // Storage is switched off in this browser: the choice then holds until the page is left.
    }
  }, []);
  return [paused, store];
}

function readStored(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}

function useHidden(): boolean {
  const [hidden, setHidden] = useState(false);
  useEffect(() => {
    const read = () => setHidden(document.hidden);
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, []);
  return hidden;
}

const WORDS: Record<LiveState, string> = {
  off: "live",
  connecting: "live",
  live: "live",
  paused: "paused",
  reconnecting: "reconnecting",
};

/** The header's control: says whether the page keeps itself fresh, and pauses or resumes that. */
export function LiveControl() {
  const live = use(LiveContext);
  useShortcut({
    keys: "p",
    label: "Pause or resume live updates",
    run: () => live?.setPaused(!live.paused),
  });
  if (live === null) return null;
  const action = live.paused ? "Resume live updates" : "Pause live updates";
  return (
    <Tooltip label={`${action} (p)`}>
      <UnstyledButton
        className={classes.control}
        data-state={live.state}
        onClick={() => live.setPaused(!live.paused)}
      >
        <span className={classes.dot} aria-hidden />
        {WORDS[live.state]}
        <span className="visually-hidden">. {action}</span>
      </UnstyledButton>
    </Tooltip>
  );
}

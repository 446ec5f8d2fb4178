import { setTimeout as delay } from "node:timers/promises";
import { Pace } from "#app/ui/live-pace.ts";

/** A tab of a browser with a live page: its stream, and its loaders again after every "changed", once a second at most. */
export interface ConsoleTab {
  /** How often the loaders ran after a "changed". */
  refreshes(): number;
  /** As when the tab is hidden: the stream ends. */
  hide(): Promise<void>;
  /** As when it is shown again: the stream is opened anew, and what was missed is read. */
  show(): void;
}

export interface TabOptions {
  origin: string;
  page: string;
  cookie: string;
}

/** Opens a page: reads it once, then listens. @throws Error when it is not answered with 200 */
export async function openConsoleTab({ origin, page, cookie }: TabOptions): Promise<ConsoleTab> {
  let refreshed = 0;
  let stream: AbortController | null = null;
  let listening: Promise<void> = Promise.resolve();
  const data = `${origin}${page === "/" ? "/_" : page}.data`;
  const read = async () => {
    const answer = await fetch(data, { headers: { cookie } });
    await answer.arrayBuffer();
    if (answer.status !== 200 && answer.status !== 202) throw new Error(`${page} answered ${answer.status}`);
  };
  const pace = new Pace({
    interval: 1_000,
    busy: () => false,
    run: async () => {
      await read();
      refreshed += 1;
    },
    now: () => performance.now(),
    schedule: (callback, ms) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
  });
  const listen = async (signal: AbortSignal) => {
    const topic = page === "/" ? "overview" : "console";
    while (!signal.aborted) {
      try {
        const answer = await fetch(`${origin}/live?topic=${topic}`, { headers: { cookie }, signal });
        for await (const chunk of answer.body ?? [])
          if (new TextDecoder().decode(chunk).includes("event: changed")) pace.request();
      } catch {
        // Hidden, or cut off: the loop decides.
      }
      if (!signal.aborted) await delay(2_000);
    }
  };
  const show = () => {
    stream = new AbortController();
    listening = listen(stream.signal);
  };
  await read();
  show();
  return {
    refreshes: () => refreshed,
    async hide() {
      stream?.abort();
      pace.stop();
      await listening;
    },
    show() {
      show();
      pace.request();
    },
  };
}

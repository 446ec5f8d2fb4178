export type SourceState = "connecting" | "live" | "reconnecting";

export interface SourceHandlers {
  /** The server said that something changed, or it may have while nobody listened. */
  onChanged: () => void;
  onState: (state: SourceState) => void;
}

const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 30_000;
const POLL_MS = 5_000;
/** Answers while the server is alive. Loaders that ran without one would put an error page over what is on screen. */
const PROBE_URL = "/healthz";

/**
 * Listens to the "changed" events of a URL until the returned function is called. A lost stream is taken up again, by the browser
 * or, where it gave up (an error status), by us with growing pauses; meanwhile changes are assumed every 5 s while the
 * server answers, so that the page stays fresh without a stream at all.
 *
 * @param missed whether changes may have happened before, unheard: one is then told as soon as the stream stands
 */
export function listenToChanges(url: string, missed: boolean, handlers: SourceHandlers): () => void {
  let source: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let poll: ReturnType<typeof setInterval> | undefined;
  let pause = FIRST_RETRY_MS;
  let lost = missed;
  let stopped = false;

  const connected = () => {
    clearInterval(poll);
    poll = undefined;
    pause = FIRST_RETRY_MS;
    handlers.onState("live");
    // What happened between two streams was told to nobody.
    if (lost) handlers.onChanged();
    lost = false;
  };
  const disconnected = () => {
    lost = true;
    handlers.onState("reconnecting");
    poll ??= setInterval(probe, POLL_MS);
    if (source?.readyState !== EventSource.CLOSED) return;
    clearTimeout(retry);
    retry = setTimeout(connect, pause);
    pause = Math.min(pause * 2, LAST_RETRY_MS);
  };
  const probe = async () => {
    const answer = await fetch(PROBE_URL).catch(() => null);
    if (answer?.ok && lost && !stopped) handlers.onChanged();
  };
  const connect = () => {
    source?.close();
    source = new EventSource(url);
    source.addEventListener("open", connected);
    source.addEventListener("error", disconnected);
    source.addEventListener("changed", handlers.onChanged);
  };

  handlers.onState("connecting");
  connect();
  return () => {
    stopped = true;
    clearTimeout(retry);
    clearInterval(poll);
    source?.close();
  };
}

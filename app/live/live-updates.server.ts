import { AppError } from "#app/errors.ts";
import type { LiveTopic } from "#app/live/live-topic.ts";
import type { Look, Watch } from "#app/live/watch.ts";
import { Watcher } from "#app/live/watcher.server.ts";
import { logger } from "#app/logger.server.ts";

const HEARTBEAT_MS = 15_000;
/** Live pages that one operator may have open at one web process; hidden tabs do not listen. */
export const MOST_STREAMS = 12;
/** Chunks that a stream may owe to a browser that does not read. */
const MOST_UNREAD = 20;

export interface LiveOptions {
  /** Every topic is served by one of them. */
  watches: readonly Watch[];
  /** Which of these sessions have ended. */
  findEnded: (sessionIds: string[]) => Promise<ReadonlySet<string>>;
  /** Called before viewers are told: what they will ask may have been read before the change. */
  beforeTelling: () => void;
  /** Milliseconds on a steady clock. */
  now: () => number;
  /** Calls back after so many milliseconds; returns what calls it off. */
  schedule: (callback: () => void, ms: number) => () => void;
}

export interface Listener {
  topic: LiveTopic;
  operatorId: string;
  sessionId: string;
  /** The browser had a stream before (`Last-Event-ID`): something may have happened in the gap. */
  resumed: boolean;
}

interface Stream extends Listener {
  controller: ReadableStreamDefaultController<Uint8Array>;
  watcher: Watcher;
  /** Changes after this moment are news to it. */
  toldAt: number;
}

/**
 * Tells live views that something changed, as server-sent events; what changed they read by themselves. However many
 * listen, each watch looks once for all of them, and not at all when nobody listens.
 */
export class LiveUpdates {
  readonly #options: LiveOptions;
  readonly #watchers: readonly Watcher[];
  readonly #streams = new Set<Stream>();
  readonly #encoder = new TextEncoder();
  #sessionsAskedAt = 0;
  #callOffHeartbeat: (() => void) | null = null;

  constructor(options: LiveOptions) {
    this.#options = options;
    const { now, schedule } = options;
    this.#watchers = options.watches.map((watch) => {
      const watcher: Watcher = new Watcher({
        watch,
        now,
        schedule,
        listening: () => this.#listeningTo(watcher),
        onLook: (found) => this.#onLook(watcher, found),
      });
      return watcher;
    });
  }

  /** Streams open now. */
  get listeners(): number {
    return this.#streams.size;
  }

  /**
   * Opens a stream that lasts until the browser goes, the session ends or the process stops.
   *
   * @param signal aborted when the request is
   * @throws AppError 429 `TOO_MANY_STREAMS`
   */
  listen(listener: Listener, signal: AbortSignal): ReadableStream<Uint8Array> {
    const own = [...this.#streams].filter((stream) => stream.operatorId === listener.operatorId);
    if (own.length >= MOST_STREAMS) throw tooManyStreams();
    const watcher = this.#watchers.find(({ watch }) => watch.serves(listener.topic));
    if (!watcher) throw new Error(`No watch serves ${listener.topic}`);
    let stream: Stream | undefined;
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        stream = { ...listener, controller, watcher, toldAt: this.#options.now() - watcher.watch.pageAgeMs };
        const opened = stream;
        this.#streams.add(opened);
        signal.addEventListener("abort", () => this.#end(opened), { once: true });
        // An id from the start: the browser sends it back when it comes again.
        this.#send(opened, `retry: 2000\nid: ${Date.now()}\n: listening\n\n`);
        if (listener.resumed) this.#tell(opened);
        if (signal.aborted) return this.#end(opened);
        watcher.start();
        this.#startHeartbeat();
      },
      cancel: () => {
        if (stream) this.#end(stream);
      },
    });
  }

  #listeningTo(watcher: Watcher): { topics: ReadonlySet<LiveTopic>; sessionIds: readonly string[] } {
    const topics = new Set<LiveTopic>();
    for (const stream of this.#streams) if (stream.watcher === watcher) topics.add(stream.topic);
    return { topics, sessionIds: this.#sessionIds() };
  }

  #sessionIds(): string[] {
    return [...new Set([...this.#streams].map((stream) => stream.sessionId))];
  }

  #onLook(
    watcher: Watcher,
    { look, changedAt }: { look: Look; changedAt: (topic: LiveTopic) => number | undefined },
  ): void {
    if (look.ended) {
      this.#sessionsAskedAt = this.#options.now();
      this.#endSessions(look.ended);
    }
    const news = [...this.#streams].filter(
      (stream) =>
        stream.watcher === watcher && (changedAt(stream.topic) ?? Number.NEGATIVE_INFINITY) > stream.toldAt,
    );
    if (news.length > 0) this.#options.beforeTelling();
    for (const stream of news) this.#tell(stream);
  }

  #startHeartbeat(): void {
    if (this.#callOffHeartbeat) return;
    this.#callOffHeartbeat = this.#options.schedule(() => void this.#heartbeat(), HEARTBEAT_MS);
  }

  /** Keeps proxies from closing silent streams, finds browsers that are gone, and ends streams whose session has ended. */
  async #heartbeat(): Promise<void> {
    const own = this.#callOffHeartbeat;
    try {
      if (this.#options.now() - this.#sessionsAskedAt >= HEARTBEAT_MS)
        this.#endSessions(await this.#options.findEnded(this.#sessionIds()));
    } catch (error) {
      logger.debug({ err: error }, "live updates cannot ask for sessions for now");
    }
    for (const stream of this.#streams) this.#send(stream, ": here\n\n");
    // All went meanwhile, and whoever came after them has a heartbeat of their own.
    if (this.#callOffHeartbeat !== own) return;
    this.#callOffHeartbeat = null;
    this.#startHeartbeat();
  }

  #endSessions(ended: ReadonlySet<string>): void {
    for (const stream of this.#streams) if (ended.has(stream.sessionId)) this.#end(stream);
  }

  #tell(stream: Stream): void {
    stream.toldAt = this.#options.now();
    this.#send(stream, `id: ${Date.now()}\nevent: changed\ndata: ${stream.topic}\n\n`);
  }

  #send(stream: Stream, text: string): void {
    if (!this.#streams.has(stream)) return;
    // It will come again, and then be told at once.
    if ((stream.controller.desiredSize ?? 0) < -MOST_UNREAD) this.#end(stream);
    else stream.controller.enqueue(this.#encoder.encode(text));
  }

  #end(stream: Stream): void {
    if (!this.#streams.delete(stream)) return;
    try {
      stream.controller.close();
    } catch {
      // The browser's side has closed it already.
    }
    stream.watcher.stopWhenIdle();
    if (this.#streams.size > 0) return;
    this.#callOffHeartbeat?.();
    this.#callOffHeartbeat = null;
  }
}

const tooManyStreams = (): AppError =>
  new AppError(
    "TOO_MANY_STREAMS",
    429,
    `You have ${MOST_STREAMS} live pages open. Close some; until then this one looks for changes every few seconds.`,
    { retryAfterMs: 15_000 },
  );

import { AppError } from "#app/errors.ts";
import { type Change, type LiveTopic, subjectOf, worksOf } from "#app/imports/live-topic.ts";
import { logger } from "#app/logger.server.ts";

const POLL_MS = 500;
/** After a look that failed: the database is away, and has better things to do when it comes back. */
const FAILED_POLL_MS = 2_000;
const HEARTBEAT_MS = 15_000;
/** A page is read some time before its stream opens. What changed in between is told at once. */
const PAGE_AGE_MS = 10_000;
/** Live pages that one operator may have open at one web process; hidden tabs do not listen. */
export const MOST_STREAMS = 12;
/** Chunks that a stream may owe to a browser that does not read. */
const MOST_UNREAD = 20;

export interface LiveOptions {
  /** Imports that changed lately, and these works, whenever they changed last. */
  readChanges: (workIds: string[]) => Promise<Change[]>;
  /** Which of these sessions have ended. */
  findEnded: (sessionIds: string[]) => Promise<ReadonlySet<string>>;
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
  /** Changes after this moment are news to it. */
  toldAt: number;
}

/**
 * Tells live views that something changed, as server-sent events; what changed they read by themselves. However many
 * listen, one query every half second looks for all of them, and none when nobody listens.
 */
export class LiveUpdates {
  readonly #options: LiveOptions;
  readonly #streams = new Set<Stream>();
  readonly #encoder = new TextEncoder();
  #versions = new Map<string, { version: string; changedAt: number }>();
  #lastHeartbeat = 0;
  #callOff: (() => void) | null = null;
  #looking = false;
  /** False until the first look of a run, which finds out what is old, and after a failed one. */
  #isCurrent = false;
  #hasFailed = false;

  constructor(options: LiveOptions) {
    this.#options = options;
  }

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
    let stream: Stream | undefined;
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        stream = { ...listener, controller, toldAt: this.#options.now() - PAGE_AGE_MS };
        const opened = stream;
        this.#streams.add(opened);
        signal.addEventListener("abort", () => this.#end(opened), { once: true });
        // An id from the start: the browser sends it back when it comes again.
        this.#send(opened, `retry: 2000\nid: ${Date.now()}\n: listening\n\n`);
        if (listener.resumed) this.#tell(opened);
        if (signal.aborted) this.#end(opened);
        this.#start();
      },
      cancel: () => {
        if (stream) this.#end(stream);
      },
    });
  }

  /** Ends all streams; browsers come again by themselves. */
  close(): void {
    for (const stream of this.#streams) this.#end(stream);
  }

  #start(): void {
    if (this.#callOff || this.#looking || this.#streams.size === 0) return;
    this.#lastHeartbeat = this.#options.now();
    this.#callOff = this.#options.schedule(() => void this.#look(), 0);
  }

  async #look(): Promise<void> {
    this.#callOff = null;
    this.#looking = true;
    let delay = POLL_MS;
    try {
      const topics = [...this.#streams].map((stream) => stream.topic);
      this.#notice(await this.#options.readChanges(worksOf(topics)));
      await this.#heartbeat();
      this.#hasFailed = false;
    } catch (error) {
      if (!this.#hasFailed) logger.warn({ err: error }, "live updates cannot see changes for now");
      this.#hasFailed = true;
      delay = FAILED_POLL_MS;
    }
    this.#looking = false;
    if (this.#streams.size > 0) this.#callOff = this.#options.schedule(() => void this.#look(), delay);
    else this.#stop();
  }

  #stop(): void {
    this.#callOff?.();
    this.#callOff = null;
    this.#isCurrent = false;
    this.#versions.clear();
  }

  #notice(changes: readonly Change[]): void {
    const now = this.#options.now();
    const before = this.#versions;
    this.#versions = new Map(
      changes.map(({ id, version, ageMs }) => {
        const known = before.get(id);
        // What turns up between two looks is new whatever its date: its transaction has only now committed. A work turns up
        // because somebody begins to look at it.
        const isNews = this.#isCurrent && (known !== undefined || !isWork(id));
        const changedAt = known?.version === version ? known.changedAt : isNews ? now : now - ageMs;
        return [id, { version, changedAt }];
      }),
    );
    this.#isCurrent = true;
    let newest = Number.NEGATIVE_INFINITY;
    for (const [id, { changedAt }] of this.#versions) if (!isWork(id)) newest = Math.max(newest, changedAt);
    for (const stream of this.#streams) {
      const subject = subjectOf(stream.topic);
      const changedAt = subject === null ? newest : this.#versions.get(subject)?.changedAt;
      if (this.#hasFailed || (changedAt !== undefined && changedAt > stream.toldAt)) this.#tell(stream);
    }
  }

  /** Keeps proxies from closing silent streams, finds browsers that are gone, and ends streams whose session has ended. */
  async #heartbeat(): Promise<void> {
    const now = this.#options.now();
    if (now - this.#lastHeartbeat < HEARTBEAT_MS) return;
    this.#lastHeartbeat = now;
    const ended = await this.#options.findEnded([
      ...new Set([...this.#streams].map((stream) => stream.sessionId)),
    ]);
    for (const stream of this.#streams)
      if (ended.has(stream.sessionId)) this.#end(stream);
      else this.#send(stream, ": here\n\n");
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
    if (this.#streams.size === 0 && !this.#looking) this.#stop();
  }
}

const isWork = (id: string): boolean => id.startsWith("work:");

const tooManyStreams = (): AppError =>
  new AppError(
    "TOO_MANY_STREAMS",
    429,
    `You have ${MOST_STREAMS} live pages open. Close some; until then this one looks for changes every few seconds.`,
    { retryAfterMs: 15_000 },
  );

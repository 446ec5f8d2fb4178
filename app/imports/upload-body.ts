/** What follows the closing `--` of a multipart body as every client writes it, and the `--` itself. */
const TAIL_BYTES = 4;

/** How much of a refused upload is still read, and for how long, so that the sender gets to read the refusal. */
const DRAIN_BYTES = 64 * 1024 * 1024;
const DRAIN_MS = 10_000;

/**
 * A request's body on its way to the multipart parser. It stays ours, so that the rest can be read off when the parser has
 * refused the upload: many clients send their whole file before they look for an answer, and would wait for ever, or see
 * a broken connection instead of the reason.
 */
export class UploadBody {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #done = false;
  #broken = false;
  /** Passed on in one piece at the end: the parser takes a line break that arrives after the closing `--` for a second message. */
  #tail: Uint8Array = new Uint8Array();

  constructor(body: ReadableStream<Uint8Array>) {
    this.#reader = body.getReader();
  }

  /** Whether the connection broke before the body had ended. */
  get broken(): boolean {
    return this.#broken;
  }

  /** The body for the parser. Its errors are those of the connection. */
  stream(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          for (;;) {
            const chunk = await this.#read();
            const bytes = chunk ? Buffer.concat([this.#tail, chunk]) : this.#tail;
            const passed = chunk ? Math.max(0, bytes.length - TAIL_BYTES) : bytes.length;
            this.#tail = bytes.subarray(passed);
            if (passed > 0) controller.enqueue(bytes.subarray(0, passed));
            if (!chunk) return controller.close();
            if (passed > 0) return;
          }
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** Reads and forgets what is left, up to a limit. Never rejects: the sender may be gone. */
  async drain(): Promise<void> {
    const deadline = performance.now() + DRAIN_MS;
    let bytes = 0;
    try {
      while (bytes < DRAIN_BYTES && performance.now() < deadline) {
        const chunk = await this.#read();
        if (!chunk) return;
        bytes += chunk.length;
      }
      await this.#reader.cancel();
    } catch {
      // Nobody is left to be answered.
    }
  }

  async #read(): Promise<Uint8Array | null> {
    if (this.#done) return null;
    try {
      const { done, value } = await this.#reader.read();
      this.#done = done;
      return value ?? null;
    } catch (error) {
      this.#done = true;
      this.#broken = true;
      throw error;
    }
  }
}

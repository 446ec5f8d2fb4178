import fc from "fast-check";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { againAfterDeadlock } from "#app/db/again-after-deadlock.ts";
import { AppError, RetryLater } from "#app/errors.ts";
import { BuiltinTarget } from "#app/imports/builtin-target.server.ts";
import type { Chunk, ProcessContext } from "#app/imports/chunk.server.ts";
import { Chunk as ClaimedChunk, ClaimLost } from "#app/imports/chunk.server.ts";
import { cancelImport, fanOut, retryRows } from "#app/imports/lifecycle.server.ts";
import { pickCandidate } from "#app/imports/review/decide-title.server.ts";
import { revokeAlias } from "#app/imports/review/take-back.server.ts";
import { claimRows, type RowOutcome, takeBackLostClaims } from "#app/imports/rows.server.ts";
import { logger } from "#app/logger.server.ts";
import type { Resolution } from "#app/matching/resolution.ts";
import { importDesk, watched } from "#tests/imports/import-desk.ts";
import { testConfig } from "#tests/setup/drain.ts";

const desk = await importDesk();
const { db } = desk;
const ROWS = 6;
const ALIEN = "alien|1979|";

/** Rows 1 to 4 are two viewings, twice each; 5 and 6 are another film, in doubt. */
const file = watched(
  "2024-01-01,Alien,1979,u",
  "2024-01-02,Alien,1979,u",
  "2024-01-01,ALIEN,1979,u",
  "2024-01-02,ALIEN,1979,u",
  "2024-01-01,Solaris,,u",
  "2024-01-02,Solaris,,u",
);

const match: Resolution = {
  outcome: "match",
  mediaType: "movie",
  tmdbId: 348,
  imdbId: null,
  bareKey: null,
  episode: null,
  score: 1,
  strategy: "alias",
  reason: { code: "x", text: "x" },
  candidates: [],
};
const facts = {
  mediaType: "movie" as const,
  tmdbId: 348,
  imdbId: null,
  bareKey: null,
  title: "Alien",
  originalTitle: null,
  originalLanguage: null,
  year: 1979,
  releaseDate: null,
  totalSeasons: null,
  totalEpisodes: null,
  seasons: [],
  ratings: [],
  meta: null,
};

/** One import, and the claims that workers hold of it; the dead ones try to write too. */
class Desk {
  readonly jobId: string;
  readonly chunks: Chunk[] = [];
  readonly #context: ProcessContext = {
    db,
    config: testConfig(),
    logger,
    workerId: "w",
    signal: new AbortController().signal,
  };

  constructor(jobId: string) {
    this.jobId = jobId;
  }

  async claim(from: number, count: number): Promise<void> {
    const range = { jobId: this.jobId, fromRow: from, toRow: from + count };
    const claim = await claimRows(db, range, "w", crypto.randomUUID(), 10);
    if (claim.rows.length === 0) return;
    const job = {
      id: this.jobId,
      dryRun: false,
      skipDuplicates: true,
      catalogue: "builtin",
      retriedAt: null,
    };
    this.chunks.push(new ClaimedChunk(this.#context, job, claim));
  }

  /** Writes, fails and doubts the rows of a claim, whoever holds them by now. */
  async settle(which: number, fail: boolean): Promise<void> {
    const chunk = this.chunks[which % Math.max(1, this.chunks.length)];
    if (!chunk) return;
    const target = new BuiltinTarget(chunk);
    for (const row of chunk.claim.rows) {
      if (row.rowNumber > 4) await target.settle(outcome(row.rowNumber, fail ? "failed" : "review"));
      else if (fail && row.rowNumber % 2 === 0) await target.settle(outcome(row.rowNumber, "failed"));
      else await target.write({ row, match, workId: null, facts });
    }
    await target.flush().catch((error: unknown) => {
      // The work was taken back while it was written to: the rows come again.
      if (!(error instanceof ClaimLost || error instanceof RetryLater)) throw error;
    });
  }

  async release(which: number): Promise<void> {
    const chunk = this.chunks[which % Math.max(1, this.chunks.length)];
    await chunk?.giveBack(
      chunk.claim.rows.map((row) => row.rowNumber),
      false,
    );
  }

  async expire(): Promise<void> {
    await sql`update import_rows set lease_until = '-infinity' where job_id = ${this.jobId}::uuid and status = 'processing'`.execute(
      db,
    );
    await takeBackLostClaims(db);
  }
}

const outcome = (rowNumber: number, status: "failed" | "review"): RowOutcome => ({
  rowNumber,
  status,
  errorCode: status === "failed" ? "TMDB_NO_ANSWER" : "REVIEW",
  errorMessage: "x",
});

/** What an operator presses may be refused: that is an answer. */
async function pressed(press: Promise<unknown>): Promise<void> {
  await press.catch((error: unknown) => {
    if (!(error instanceof AppError && error.status === 409)) throw error;
  });
}

type Step =
  | { do: "claim"; from: number; count: number }
  | { do: "settle"; which: number; fail: boolean }
  | { do: "release"; which: number }
  | { do: "expire" | "cancel" | "retry" | "goOn" | "fanOut" | "revoke" }
  | { do: "pick"; row: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("claim" as const),
      from: fc.integer({ min: 1, max: ROWS }),
      count: fc.nat(ROWS),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("settle" as const), which: fc.nat(5), fail: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("release" as const), which: fc.nat(5) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "expire" as const,
        "cancel" as const,
        "retry" as const,
        "goOn" as const,
        "fanOut" as const,
        "revoke" as const,
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("pick" as const), row: fc.constantFrom(1, 5) }),
  },
);

async function take(desk: Desk, step: Step): Promise<void> {
  const { jobId } = desk;
  const trx = <T>(work: Parameters<ReturnType<typeof db.transaction>["execute"]>[0]) =>
    db.transaction().execute(work) as Promise<T>;
  switch (step.do) {
    case "claim":
      return desk.claim(step.from, step.count);
    case "settle":
      return desk.settle(step.which, step.fail);
    case "release":
      return desk.release(step.which);
    case "expire":
      return desk.expire();
    case "cancel":
      return pressed(trx((t) => cancelImport(t, jobId)));
    case "retry":
      return pressed(trx((t) => retryRows(t, jobId, { kind: "failed" })));
    case "goOn":
      return pressed(trx((t) => retryRows(t, jobId, { kind: "unfinished" })));
    case "fanOut":
      await trx((t) => fanOut(t, jobId, 2));
      return;
    // Rows 1 to 4 were settled by an alias, as far as they know.
    case "revoke":
      await sql`insert into title_aliases (title_key, decided_by) values (${ALIEN}, 'me') on conflict do nothing`.execute(
        db,
      );
      return pressed(againAfterDeadlock(() => trx((t) => revokeAlias(t, ALIEN, "me"))));
    case "pick":
      return pressed(
        trx((t) => pickCandidate(t, jobId, step.row, { mediaType: "movie", tmdbId: 593 }, "me")),
      );
  }
}

/** What must hold after every step. */
async function broken(jobId: string): Promise<string[]> {
  const { rows } = await sql<{ what: string }>`
    with counted as (
      select count(*) as total, count(*) filter (where status not in ('pending', 'processing')) as processed,
        count(*) filter (where status = 'success') as success, count(*) filter (where status = 'failed') as failed,
        count(*) filter (where status = 'skipped') as skipped, count(*) filter (where status = 'review') as review
      from import_rows where job_id = ${jobId}::uuid
    )
    select 'counters' as what from import_jobs as jobs, counted where id = ${jobId}::uuid
      and (total_rows, processed_rows, success_rows, failed_rows, skipped_rows, review_rows)
        is distinct from (total, processed, success, failed, skipped, review)
    union all
    select 'finished with open rows' from import_jobs where id = ${jobId}::uuid and status in ('completed', 'partial') and processed_rows < total_rows
    union all
    select 'runs without open rows' from import_jobs where id = ${jobId}::uuid and status = 'processing' and processed_rows = total_rows
    union all
    select 'success without effect' from import_rows as rows where job_id = ${jobId}::uuid and status = 'success'
      and not exists (select from viewings where import_job_id = rows.job_id and row_number = rows.row_number)
    union all
    select 'effect without success' from viewings where import_job_id = ${jobId}::uuid
      and not exists (select from import_rows as rows where job_id = ${jobId}::uuid and rows.row_number = viewings.row_number and status = 'success')
    union all
    select 'two effects of one key' from viewings where import_job_id = ${jobId}::uuid group by work_id, viewed_on having count(*) > 1`.execute(
    db,
  );
  return rows.map((row) => row.what);
}

describe("whatever the order", () => {
  it("an effect happens at most once, and the counters are what the rows say", {
    timeout: 240_000,
  }, async () => {
    // Several steps of one list run at the same time, as workers and operators do.
    const rounds = fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 3, maxLength: 14 });
    await fc.assert(
      fc.asyncProperty(rounds, async (rounds) => {
        await desk.pool.query("truncate works, title_aliases cascade");
        const model = new Desk(await desk.takeIn(file));
        await take(model, { do: "fanOut" });
        for (const round of rounds) {
          await Promise.all(round.map((one) => take(model, one)));
          expect(await broken(model.jobId)).toEqual([]);
        }
        await sql`delete from graphile_worker._private_jobs`.execute(db);
        await desk.pool.query("delete from import_jobs");
      }),
      { numRuns: 30 },
    );
  });
});

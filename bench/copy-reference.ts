import { spawnSync } from "node:child_process";
import { join } from "node:path";
import pg from "pg";

/** What intake is measured against: the same rows, every column of them, put into the same table by `\copy`. */
export interface CopyReference {
  /** How the rows are put in, for the heading: `\copy`, or what stands in for it. */
  name: string;
  /** Puts the rows of the job under another job's id. @returns milliseconds */
  run(newJobId: string): Promise<number>;
}

/** @param jobId the job whose rows are the reference; `folder` takes the prepared file */
export async function copyReference(
  databaseUrl: string,
  jobId: string,
  folder: string,
): Promise<CopyReference> {
  return hasPsql() ? viaPsql(databaseUrl, jobId, folder) : viaInsert(databaseUrl, jobId);
}

function hasPsql(): boolean {
  return spawnSync("psql", ["--version"]).status === 0;
}

function psql(databaseUrl: string, command: string): void {
  const { status, stderr } = spawnSync("psql", [
    databaseUrl,
    "-X",
    "-q",
    "-v",
    "ON_ERROR_STOP=1",
    "-c",
    command,
  ]);
  if (status !== 0) throw new Error(`psql failed: ${stderr}`);
}

function viaPsql(databaseUrl: string, jobId: string, folder: string): CopyReference {
  return {
    name: "\\copy",
    async run(newJobId) {
      const file = join(folder, "rows.copy");
      const columns = await withClient(databaseUrl, async (client) => {
        const { rows } = await client.query<{ columns: string }>(
          `select string_agg(column_name, ', ' order by ordinal_position) as columns from information_schema.columns
           where table_name = 'import_rows' and column_name not in ('id', 'job_id')`,
        );
        return rows[0]?.columns ?? "";
      });
      const select = `select gen_random_uuid(), '${newJobId}', ${columns} from import_rows where job_id = '${jobId}' order by row_number`;
      psql(databaseUrl, `\\copy (${select}) to '${file}'`);
      const started = performance.now();
      psql(databaseUrl, `\\copy import_rows (id, job_id, ${columns}) from '${file}'`);
      return performance.now() - started;
    },
  };
}

/** Without psql: one INSERT from prepared JSON. Slower than COPY by a few percent, so the ratio flatters by as much. */
function viaInsert(databaseUrl: string, jobId: string): CopyReference {
  return {
    name: "one INSERT from JSON (psql is missing; \\copy is some 5 % quicker)",
    run: (newJobId) =>
      withClient(databaseUrl, async (client) => {
        const { rows } = await client.query<{ json: string }>(
          `select json_agg(rows order by row_number)::text as json from import_rows as rows where job_id = $1`,
          [jobId],
        );
        const json = (rows[0]?.json ?? "[]").replaceAll(jobId, newJobId);
        const started = performance.now();
        await client.query(
          `insert into import_rows select (json_populate_record(null::import_rows,
             (row::jsonb || jsonb_build_object('id', gen_random_uuid()))::json)).* from json_array_elements($1::json) as row`,
          [json],
        );
        return performance.now() - started;
      }),
  };
}

async function withClient<T>(databaseUrl: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

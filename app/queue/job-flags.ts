import { isService, type Service, serviceInfo } from "#app/upstreams/services.ts";

/**
 * What a job can be paused by. Jobs carry their flags from the day they are added, so that whoever fetches jobs can pass over
 * the paused ones without knowing what they are: `task:refresh_work`, `upstream:tmdb`, `import:6f3c…`.
 */
export type PauseTarget =
  | { kind: "task"; task: string }
  | { kind: "upstream"; service: Service }
  | { kind: "import"; importJobId: string };

/**
 * The flags of one job.
 *
 * @param job `task` its identifier, `upstreams` the services it cannot do without, `importJobId` the import it serves, if any
 */
export function jobFlags(job: {
  task: string;
  upstreams: readonly Service[];
  importJobId?: string | undefined;
}): string[] {
  return [
    flagOf({ kind: "task", task: job.task }),
    ...job.upstreams.map((service) => flagOf({ kind: "upstream", service })),
    ...(job.importJobId ? [flagOf({ kind: "import", importJobId: job.importJobId })] : []),
  ];
}

/** The flag that all jobs of a target carry. Upper-case ids, which PostgreSQL takes for the same, give the same flag. */
export function flagOf(target: PauseTarget): string {
  switch (target.kind) {
    case "task":
      return `task:${target.task}`;
    case "upstream":
      return `upstream:${target.service}`;
    case "import":
      return `import:${target.importJobId.toLowerCase()}`;
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const TASK_NAME = /^[a-z0-9_/-]{1,128}$/i;

/** The target that a flag means; null for a flag that is not ours. */
export function parseFlag(flag: string): PauseTarget | null {
  const separator = flag.indexOf(":");
  const kind = flag.slice(0, separator);
  const value = flag.slice(separator + 1);
  if (kind === "task" && TASK_NAME.test(value)) return { kind, task: value };
  if (kind === "upstream" && isService(value)) return { kind, service: value };
  if (kind === "import" && UUID.test(value)) return { kind, importJobId: value.toLowerCase() };
  return null;
}

/** What people call the target of a flag: "task refresh_work", "TMDB", "import 6f3c2a1e". */
export function flagLabel(flag: string): string {
  const target = parseFlag(flag);
  switch (target?.kind) {
    case "task":
      return `task ${target.task}`;
    case "upstream":
      return serviceInfo(target.service).label;
    case "import":
      return `import ${target.importJobId.slice(0, 8)}`;
    default:
      return flag;
  }
}

import { readdir } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { isTaskName, taskNames } from "#app/queue/catalog.ts";
import type { TaskDefinition } from "#app/queue/define-task.server.ts";

const folder = path.resolve(import.meta.dirname, "../../tasks");

/**
 * The tasks of the folder `tasks/`, one file each.
 *
 * @throws Error when the folder and the catalog disagree: a task without a file would wait in the queue for ever.
 */
export async function loadTasks(): Promise<TaskDefinition[]> {
  const files = (await readdir(folder))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -3));
  const strangers = files.filter((name) => !isTaskName(name));
  const missing = taskNames.filter((name) => !files.includes(name));
  if (strangers.length > 0 || missing.length > 0)
    throw new Error(
      `tasks/ and the catalog disagree: not in the catalog: ${strangers}; without a file: ${missing}`,
    );
  return Promise.all(
    taskNames.map(async (name) => {
      const module: { default: TaskDefinition } = await import(
        pathToFileURL(path.join(folder, `${name}.ts`)).href
      );
      return module.default;
    }),
  );
}

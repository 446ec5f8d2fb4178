import { isTaskName } from "#app/queue/catalog.ts";
import { ErrorText } from "#app/ui/error-text.tsx";

/** Said where jobs wait whose task no worker of this version has: nothing ever takes them up, and nothing fails. */
export function UnknownTask({ tasks }: { tasks: readonly string[] }) {
  const unknown = [...new Set(tasks)].filter((task) => !isTaskName(task));
  if (unknown.length === 0) return null;
  const named = unknown.map((task) => `“${task}”`).join(", ");
  return (
    <ErrorText
      message={`No worker of this version knows the ${unknown.length === 1 ? "task" : "tasks"} ${named}, so what asks for ${unknown.length === 1 ? "it" : "them"} waits until one does. Discard it if nobody will.`}
    />
  );
}

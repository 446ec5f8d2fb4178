import { ErrorText } from "#app/ui/error-text.tsx";

/** Said where jobs wait whose tasks no worker of this version has: nothing ever takes them up, and nothing fails. */
export function UnknownTask({ tasks }: { tasks: readonly string[] }) {
  if (tasks.length === 0) return null;
  const [noun, pronoun] = tasks.length === 1 ? ["task", "it"] : ["tasks", "them"];
  const named = tasks.map((task) => `“${task}”`).join(", ");
  return (
    <ErrorText
      message={`No worker of this version knows the ${noun} ${named}, so what asks for ${pronoun} waits until one does. Discard it if nobody will.`}
    />
  );
}

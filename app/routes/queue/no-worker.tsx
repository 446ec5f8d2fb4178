import { ErrorText } from "#app/ui/error-text.tsx";

/** Said where jobs wait and nobody is there to run them. */
export function NoWorker() {
  return (
    <ErrorText message="No worker is running, so nothing that waits will start. Start one on any machine that reaches the database:">
      <code>npm run worker</code>
    </ErrorText>
  );
}

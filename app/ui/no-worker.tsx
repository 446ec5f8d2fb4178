import { ErrorText } from "#app/ui/error-text.tsx";

export interface NoWorkerProps {
  /** What it means here: `this import waits`. */
  consequence?: string;
}

/** Said on every page that waits for a worker while there is none, with what to do. */
export function NoWorker({ consequence = "nothing that waits will start" }: NoWorkerProps) {
  return (
    <ErrorText
      message={`No worker is running, so ${consequence}. Start one on any machine that reaches the database:`}
    >
      <code>npm run worker</code>
    </ErrorText>
  );
}

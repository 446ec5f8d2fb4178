import { TextInput } from "@mantine/core";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { PostButton } from "#app/ui/post-button.tsx";

export interface ImportButtonProps {
  sourceType: "imdb" | "imdb_event";
  /** `2015–2024`, those of the settings. */
  years: string;
  disabledReason: string | null;
}

/** Starts an import; of an event, after asking for which years. */
export function ImportButton({ sourceType, years, disabledReason }: ImportButtonProps) {
  if (sourceType === "imdb")
    return (
      <PostButton fields={{ intent: "import" }} tone="primary" disabledReason={disabledReason}>
        Import now
      </PostButton>
    );
  return (
    <ConfirmButton
      fields={{ intent: "import" }}
      title="Import this event"
      text={
        <TextInput
          name="years"
          label="Years"
          description="One page per year: 2024, or 2015-2024, or 1994, 2000-2003. A year that is here already is read anew, and nothing is stored twice."
          defaultValue={years}
          autoComplete="off"
          required
          withAsterisk={false}
        />
      }
      confirmLabel="Import these years"
      tone="primary"
      disabledReason={disabledReason}
    >
      Import now
    </ConfirmButton>
  );
}

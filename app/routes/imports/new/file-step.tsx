import { Anchor } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import classes from "#app/routes/imports/new/new.module.css";
import { formatBytes } from "#app/ui/format.ts";
import { Section } from "#app/ui/page.tsx";

export interface FileStepProps {
  maxBytes: number;
  /** Sources whose files can be read. */
  sources: readonly string[];
  onChoose: (file: File | null) => void;
  onRefuse: (error: { code: string; message: string }) => void;
}

/**
 * The first step: a file, dropped or chosen. The field is a plain one, so that the form can be sent without any script; the
 * drop area around it hands it what is dropped.
 */
export function FileStep({ maxBytes, sources, onChoose, onRefuse }: FileStepProps) {
  const input = useRef<HTMLInputElement>(null);
  // Chosen before the script ran: nothing would be said of it, and choosing the same file again is no change.
  useEffect(() => {
    const chosen = input.current?.files?.[0];
    if (chosen) onChoose(chosen);
  }, [onChoose]);
  const drop = ([file]: File[]) => {
    if (!file) return;
    if (input.current) input.current.files = fileList(file);
    onChoose(file);
  };
  return (
    <Section
      title="1. File"
      aside={
        <Anchor component={Link} to="/help/sources">
          Where do I get my export?
        </Anchor>
      }
    >
      <Dropzone
        className={classes.drop}
        onDrop={drop}
        onReject={() => onRefuse(oneFile)}
        multiple={false}
        activateOnClick={false}
        activateOnKeyboard={false}
        enablePointerEvents
      >
        <label className={classes.field}>
          <span>Drop a CSV file here, or choose one</span>
          <input
            ref={input}
            className={classes.input}
            type="file"
            name="file"
            accept=".csv,.tsv,.txt,text/csv"
            aria-label="CSV file"
            required
            onChange={(event) => onChoose(event.currentTarget.files?.[0] ?? null)}
          />
        </label>
        <span className={classes.dimmed}>
          Works with exports of {sources.join(", ")} and with our own template. Up to {formatBytes(maxBytes)}.
        </span>
      </Dropzone>
    </Section>
  );
}

/** Fields take lists of files only, and this is the only way to make one. */
function fileList(file: File): FileList {
  const transfer = new DataTransfer();
  transfer.items.add(file);
  return transfer.files;
}

const oneFile = {
  code: "TOO_MANY_FILES",
  message: "Only one file can be imported at a time. Drop a single CSV file.",
};

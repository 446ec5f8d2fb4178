import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import type { Origin } from "#app/works/work-detail.server.ts";

/** Where a fact was read: the row of an import, which a press opens. */
export function OriginLink({ origin }: { origin: Origin }) {
  const { importJobId, fileName, rowNumber } = origin;
  if (importJobId === null) return "the machine API";
  const row = rowNumber === null ? "" : `, row ${rowNumber}`;
  // An import that was cleared away leaves its id behind.
  if (fileName === null) return `an import that is gone${row}`;
  return (
    <Anchor
      component={Link}
      to={rowNumber === null ? `/imports/${importJobId}` : `/imports/${importJobId}?row=${rowNumber}`}
    >
      {fileName}
      {row}
    </Anchor>
  );
}

import { CopyButton } from "#app/ui/copy-button.tsx";
import { formatQuantity } from "#app/ui/format.ts";
import classes from "#app/ui/json.module.css";
import { jsonText } from "#app/ui/json-text.ts";

export interface JsonProps {
  /** What it is, for the copy button: `Copy the payload`. */
  label: string;
  value: unknown;
  /** Levels that stand open. */
  open?: number;
}

/** Longer lists and objects are cut on screen; copying gives all. */
const MOST_SHOWN = 100;

/** A value as JSON: each object and list can be folded, the whole copied. */
export function Json({ label, value, open = 3 }: JsonProps) {
  return (
    <div className={classes.root}>
      <div className={classes.copy}>
        <CopyButton value={() => jsonText(value)} label={`Copy ${label}`} />
      </div>
      <code className={classes.tree}>
        <Node value={value} open={open} />
      </code>
    </div>
  );
}

interface NodeProps {
  name?: string;
  value: unknown;
  open: number;
}

function Node({ name, value, open }: NodeProps) {
  const key = name === undefined ? null : <span className={classes.name}>{name}: </span>;
  if (typeof value !== "object" || value === null)
    return (
      <div className={classes.line}>
        {key}
        <span data-kind={value === null ? "null" : typeof value} className={classes.value}>
          {jsonText(value)}
        </span>
      </div>
    );
  const isList = Array.isArray(value);
  const entries: [string, unknown][] = Object.entries(value);
  if (entries.length === 0)
    return (
      <div className={classes.line}>
        {key}
        {isList ? "[]" : "{}"}
      </div>
    );
  return (
    <details open={open > 0} className={classes.fold}>
      <summary>
        {key}
        <span className={classes.size}>
          {isList ? formatQuantity(entries.length, "item") : formatQuantity(entries.length, "field")}
        </span>
      </summary>
      <div className={classes.inner}>
        {entries.slice(0, MOST_SHOWN).map(([inner, child]) => (
          <Node key={inner} {...(!isList && { name: inner })} value={child} open={open - 1} />
        ))}
        {entries.length > MOST_SHOWN ? (
          <div className={classes.size}>and {entries.length - MOST_SHOWN} more: copy to see them</div>
        ) : null}
      </div>
    </details>
  );
}

import { Select } from "@mantine/core";
import { useLocation, useNavigate } from "react-router";
import classes from "#app/routes/settings/audit/audit.module.css";
import { withSearch } from "#app/ui/search-params.ts";

export interface ChoiceFieldProps {
  /** What is chosen: `Who`. */
  label: string;
  /** The parameter in the URL. */
  param: string;
  current: string | undefined;
  choices: readonly { value: string; label: string }[];
}

/** One of many values as a filter that is part of the URL; typing narrows them, the cross takes the filter away. */
export function ChoiceField({ label, param, current, choices }: ChoiceFieldProps) {
  const { search } = useLocation();
  const navigate = useNavigate();
  const known = choices.some(({ value }) => value === current);
  return (
    <Select
      className={classes.choice}
      aria-label={label}
      placeholder={label}
      data={[...(current !== undefined && !known ? [{ value: current, label: current }] : []), ...choices]}
      value={current ?? null}
      onChange={(value) =>
        navigate(withSearch(search, { [param]: value, cursor: null, entry: null }), {
          preventScrollReset: true,
        })
      }
      searchable
      clearable
      clearButtonProps={{ "aria-label": `Clear ${label.toLowerCase()}` }}
      nothingFoundMessage="Nothing of this name"
    />
  );
}

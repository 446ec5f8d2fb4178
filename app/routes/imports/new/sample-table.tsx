import { Table } from "@mantine/core";
import type { ParseReport } from "#app/imports/csv/parse-report.ts";
import { rowInWords } from "#app/routes/imports/file-words.ts";
import classes from "#app/routes/imports/new/new.module.css";
import { formatCount } from "#app/ui/format.ts";

/** The first rows of the file, cell by cell, with what is understood of each; a problem is marked in its cell. */
export function SampleTable({ report }: { report: ParseReport }) {
  const { columns, sample } = report;
  return (
    <>
      <h3 className={classes.heading}>The first {formatCount(sample.length)} rows as they are read</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to reach it */}
      <section className={classes.scroll} tabIndex={0} aria-label="First rows of the file">
        <Table className={classes.sample}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th className={classes.number}>Line</Table.Th>
              {columns.map((column) => (
                <Table.Th key={column}>{column}</Table.Th>
              ))}
              <Table.Th>Read as</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sample.map((row) => (
              <SampleLine key={row.rowNumber} row={row} columns={columns} />
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </>
  );
}

function SampleLine({ row, columns }: { row: ParseReport["sample"][number]; columns: readonly string[] }) {
  const { problem, cells } = row;
  return (
    <Table.Tr>
      <Table.Td className={classes.number}>{formatCount(row.lineNumber)}</Table.Td>
      {columns.map((column, index) => {
        const cell = cells[index] ?? "";
        const isAtFault = problem !== null && problem.column === column;
        return (
          <Table.Td
            key={column}
            data-fault={isAtFault || undefined}
            title={isAtFault ? problem.message : cell}
          >
            {isAtFault && cell.trim() === "" ? "(empty)" : cell}
          </Table.Td>
        );
      })}
      <Table.Td data-fault={problem !== null || undefined} className={classes.understood}>
        {understood(row)}
      </Table.Td>
    </Table.Tr>
  );
}

function understood({ problem, skip, normalized }: ParseReport["sample"][number]): string | null {
  if (problem !== null) return problem.message;
  if (skip !== null) return `Skipped: ${skip.message}`;
  return normalized && rowInWords(normalized);
}

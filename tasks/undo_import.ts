import { undoImport } from "#app/imports/undo/undo-import.server.ts";
import { defineTask } from "#app/queue/define-task.server.ts";

export default defineTask("undo_import", ({ importJobId }, run) => undoImport(run, importJobId));

import { byMethod } from "#app/routes/api/by-method.ts";
import { listRecords, writeRecord } from "#app/routes/api/record-doors.server.ts";
import { showInput } from "#app/works/record-input.ts";
import { createShowRecord, listShowRecords } from "#app/works/show-records.server.ts";

/** `GET /shows`, `POST /shows` */
const methods = byMethod({
  GET: (args) => listRecords(args, listShowRecords),
  POST: (args) =>
    writeRecord(args, {
      schema: showInput,
      status: 201,
      action: "show.create",
      write: createShowRecord,
    }),
});
export const loader = methods;
export const action = methods;

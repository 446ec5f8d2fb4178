import { byMethod } from "#app/routes/api/by-method.ts";
import { writeRecord } from "#app/routes/api/record-doors.server.ts";
import { showInput } from "#app/works/record-input.ts";
import { changeShowRecord } from "#app/works/show-records.server.ts";

/** `PATCH /shows/:id` */
const methods = byMethod({
  PATCH: (args) =>
    writeRecord(args, {
      schema: showInput,
      status: 200,
      action: "show.change",
      write: (trx, changes) => changeShowRecord(trx, args.params.id ?? "", changes),
    }),
});
export const loader = methods;
export const action = methods;

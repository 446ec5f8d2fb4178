import { byMethod } from "#app/routes/api/by-method.ts";
import { listRecords, writeRecord } from "#app/routes/api/record-doors.server.ts";
import { createMovieRecord, listMovieRecords } from "#app/works/movie-records.server.ts";
import { movieInput } from "#app/works/record-input.ts";

/** `GET /movies`, `POST /movies` */
const methods = byMethod({
  GET: (args) => listRecords(args, listMovieRecords),
  POST: (args) =>
    writeRecord(args, {
      schema: movieInput,
      status: 201,
      action: "movie.create",
      write: createMovieRecord,
    }),
});
export const loader = methods;
export const action = methods;

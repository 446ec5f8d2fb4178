import { byMethod } from "#app/routes/api/by-method.ts";
import { writeRecord } from "#app/routes/api/record-doors.server.ts";
import { changeMovieRecord } from "#app/works/movie-records.server.ts";
import { movieInput } from "#app/works/record-input.ts";

/** `PATCH /movies/:id` */
const methods = byMethod({
  PATCH: (args) =>
    writeRecord(args, {
      schema: movieInput,
      status: 200,
      action: "movie.change",
      write: (trx, changes) => changeMovieRecord(trx, args.params.id ?? "", changes),
    }),
});
export const loader = methods;
export const action = methods;

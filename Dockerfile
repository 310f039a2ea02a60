# One image for every process: the command says which (docs/deploying.md).
#   docker build --tag fengqiao:0.1.0 .
# Node is of the version that package.json pins for the tests; scripts/deploy.spec.ts holds it to that.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build

# What runs needs neither the compiler nor a second Node.
FROM node:24.21.0-bookworm-slim AS packages
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM node:24.21.0-bookworm-slim
# Its folder is there, for its owner only, so that a volume that is mounted on it begins like that.
RUN install --directory --mode=700 --owner=1000 --group=1000 /data
WORKDIR /app
COPY package.json LICENSE NOTICE ./
COPY --from=packages /src/node_modules node_modules
COPY --from=build /src/dist dist
# Who starts a container says which of its ports are reached from where.
ENV NODE_ENV=production DATA_DIR=/data HOST=0.0.0.0 PORT=4000
# By number, so that an orchestrator can see that it is not root.
USER 1000:1000
VOLUME /data
EXPOSE 4000
# Node itself is process 1 and hears SIGTERM.
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "--disable-warning=TimeoutNegativeWarning", "--max-semi-space-size=64"]
CMD ["dist/apps/platform/src/main.js"]

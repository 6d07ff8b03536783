# The image of every process of the product: `docker run IMAGE api`, `docker run IMAGE worker order-svc`, any `bmms` command.
# Built by docker-compose.yml, or: docker build -t shop/bmms:1.4.0 .
ARG NODE_IMAGE=node:24.20.0-trixie-slim

# Compiled, with the packages of the lock file, as `npm run build` does it anywhere.
FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY . .
RUN --mount=type=cache,target=/root/.npm CHECKPOINT_DISABLE=1 node embedded/bootstrap.mjs build

# What runs, in the versions of the lock file: no compiler, no PostgreSQL of `npm start`, no binaries of other machines.
FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm pkg delete devDependencies optionalDependencies && npm install --omit=dev \
    && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 -not -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} +

FROM ${NODE_IMAGE}
# The same flags as `npm start` gives its processes. Few arenas of malloc: what a thread frees stays with its own.
ENV NODE_ENV=production \
    NODE_OPTIONS="--enable-source-maps --max-semi-space-size=16" \
    MALLOC_ARENA_MAX=2
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
COPY prisma/migrations prisma/migrations
COPY k8s-templates k8s-templates
COPY containers/check-health.mjs containers/check-health.mjs
# A number, so that Kubernetes sees that it is not root (runAsNonRoot). Nothing in the image is the user's to write.
USER 1000:1000
EXPOSE 3000 3100
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "containers/check-health.mjs"]
ENTRYPOINT ["node", "dist/cli/bmms.js"]
CMD ["--help"]

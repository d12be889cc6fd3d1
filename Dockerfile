# guatu 挂图, for use with a PostGIS server elsewhere (DATABASE_URL): see docker-compose.yml.

FROM node:20-bookworm-slim AS frontend
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY frontend/ ./
COPY internal/httpapi/openapi.yaml ../internal/httpapi/openapi.yaml
RUN npm run build

FROM golang:1.26-bookworm AS program
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=frontend /src/frontend/dist ./frontend/dist
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -o /guatu ./cmd/guatu

FROM debian:bookworm-slim
# gdal-bin reads what is imported; curl is the health check.
RUN apt-get update \
 && apt-get install -y --no-install-recommends gdal-bin ca-certificates curl \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --create-home --home-dir /var/lib/guatu guatu
COPY --from=program /guatu /usr/local/bin/guatu
USER guatu
WORKDIR /var/lib/guatu
ENV GUATU_DATA=/var/lib/guatu/data
VOLUME /var/lib/guatu
EXPOSE 8080
# SIGTERM stops everything in order.
STOPSIGNAL SIGTERM
ENTRYPOINT ["guatu"]
CMD ["serve"]

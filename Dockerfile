# The Discord bot; docs/discord.md says how to run it. The token is given when it starts and is never in the image.

FROM python:3.11-slim-bookworm AS build
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE NOTICE ./
COPY index index
COPY bot bot
# Names of extras, such as milvus,postgres (docs/scale.md); the default has none.
ARG EXTRAS=""
RUN pip install --no-cache-dir -c constraints.txt ".${EXTRAS:+[$EXTRAS]}"

FROM python:3.11-slim-bookworm
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
RUN useradd --system --uid 10001 --no-create-home babillard && install -d -o babillard seeds var
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    XDG_CACHE_HOME=/app/var/cache \
    HEALTH_PORT=8080
VOLUME ["/app/seeds", "/app/var"]
USER 10001
STOPSIGNAL SIGTERM
# The first start builds the index, which takes minutes where there are many articles; until then failures do not count.
HEALTHCHECK --interval=30s --timeout=5s --start-period=15m \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/health', timeout=4)"]
CMD ["sh", "-c", "python -m bot index rebuild --if-stale && exec python -m bot discord"]

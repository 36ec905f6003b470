FROM python:3.13-slim-trixie

# Pango and HarfBuzz set the report; nothing else is needed from the system.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 eaves \
    && install -d -o eaves -g eaves /data

WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY . .

ENV PYTHONUNBUFFERED=1 EAVES_DATA_DIR=/data
USER eaves
VOLUME /data
EXPOSE 8000
# The web server; docker-compose.yml runs the workers and beat from the same image.
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "8"]

# The page as a service: docs/deploy.md says how it is set up.
FROM python:3.12-slim-bookworm

RUN useradd --create-home --uid 10001 custseg
WORKDIR /srv/custseg
COPY pyproject.toml constraints.txt README.md ./
COPY custseg custseg
COPY dashboard dashboard
COPY data data
RUN pip install --no-cache-dir -c constraints.txt -e '.[excel]'

USER 10001
EXPOSE 5006
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:5006/liveness', timeout=4)"]
ENTRYPOINT ["panel", "serve", "dashboard/app.py", "--setup", "dashboard/setup.py", "--address", "0.0.0.0", "--port", "5006"]
CMD ["--allow-websocket-origin", "localhost:5006"]

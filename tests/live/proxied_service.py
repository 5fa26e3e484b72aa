# SPDX-License-Identifier: Apache-2.0
#
# A service behind a proxy: answers with the request as it came, names of fields in the spelling of CGI too,
# because that is how most frameworks look them up.
#
# usage: python3 proxied_service.py PORT LOG      a line for each request into LOG

import http.server
import sys


class Echo(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        lines = ["TREASURE of the service", self.requestline]
        lines += ["HTTP_" + name.upper().replace("-", "_") + "=" + value for name, value in self.headers.items()]
        body = ("\n".join(lines) + "\n").encode("latin-1")
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PUT = do_DELETE = do_OPTIONS = do_GET

    def log_message(self, *_):
        with open(sys.argv[2], "a", encoding="latin-1") as log:
            log.write(self.requestline + "\n")


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Echo).serve_forever()

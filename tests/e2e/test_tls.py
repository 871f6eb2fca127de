"""TLS: whom the program trusts, in its own words; an authority of one's own by SSL_CERT_FILE and by the config's ca_file."""
import ssl
import subprocess
import unittest

from llm_compare import E2ETest
from servers import OpenAIServer, answer

KEY = "sk-canary-7hQ2xVb9LmN4pRt6"


def openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Authority:
    """An authority with its certificates in a folder, made while the test runs."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        folder.mkdir(parents=True, exist_ok=True)
        openssl(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}", "-days", "30",
                "-addext", "basicConstraints=critical,CA:TRUE", "-keyout", "ca.key", "-out", "ca.pem")
        self.file = folder / "ca.pem"

    def certificate(self, name, names="DNS:localhost,IP:127.0.0.1", days=30):
        """(certificate, key) for a server; negative days: expired since then."""
        openssl(self.folder, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=server", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        (self.folder / f"{name}.ext").write_text(f"subjectAltName={names}\nbasicConstraints=CA:FALSE\n")
        openssl(self.folder, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", str(days), "-extfile", f"{name}.ext", "-out", f"{name}.pem")
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"


class SecureServer(OpenAIServer):
    """Speaks TLS with this certificate; `handshakes` counts those that succeeded."""

    def __init__(self, certificate, *models, **more):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*certificate)
        self.handshakes = 0
        super().__init__(*models, **more)
        self.url = f"https://{self.address}"

    def _serve(self, sock):
        try:
            sock.settimeout(20)
            secure = self.context.wrap_socket(sock, server_side=True)
        except (OSError, ValueError):
            sock.close()
            return
        self.handshakes += 1
        self._sockets.add(secure)
        super()._serve(secure)


class Tls(E2ETest):
    def setUp(self):
        super().setUp()
        self.ours = Authority(self.home.path / "ours", "Our CA")

    def server(self, certificate):
        return self.use(SecureServer(certificate, "m", chat=answer("Hi over TLS")))

    def configured(self, url, **fields):
        self.home.config({"servers": [{"url": url, "name": "rack", "api_key_env": "K", **fields}], "models": ["m"]})

    def test_what_cannot_be_trusted_is_refused_with_the_reason_before_a_key_is_sent(self):
        stranger = Authority(self.home.path / "other", "Their CA")
        openssl(self.ours.folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=alone", "-addext", "subjectAltName=IP:127.0.0.1",
                "-addext", "basicConstraints=CA:FALSE", "-keyout", "alone.key", "-out", "alone.pem")
        cases = {
            "expired": (self.ours.certificate("old", days=-1), "the certificate has expired"),
            "wrong host": (self.ours.certificate("wrong", "DNS:other.example,IP:10.0.0.1"), "the certificate is for another host name"),
            "self-signed": ((self.ours.folder / "alone.pem", self.ours.folder / "alone.key"), "the certificate is self-signed"),
            "unknown authority": (stranger.certificate("good"), "the certificate is signed by an unknown authority"),
        }
        for name, (certificate, words) in cases.items():
            with self.subTest(name):
                server = self.server(certificate)
                self.configured(server.url, ca_file=str(self.ours.file))
                for arguments in (["run", "--prompt", "x", "--out", self.home.out], ["models"]):
                    result = self.home.call(*arguments, environment={"K": KEY})
                    self.assert_status(result, 2)
                    self.assertIn(words, result.stderr)
                    self.assertIn("rack", result.stderr)
                self.assertEqual((server.requests, server.handshakes), ([], 0), "nothing was said to it")

    def test_an_authority_of_ones_own_is_trusted_by_ca_file_and_by_ssl_cert_file(self):
        server = self.server(self.ours.certificate("good"))
        for name, fields, environment in (("ca_file", {"ca_file": str(self.ours.file)}, {}), ("relative to the config", {"ca_file": "../../ours/ca.pem"}, {}),
                                          ("SSL_CERT_FILE", {}, {"SSL_CERT_FILE": str(self.ours.file)})):
            for address in (server.url, server.url.replace("127.0.0.1", "localhost")):
                with self.subTest(name, address=address):
                    self.configured(address, **fields)
                    result = self.home.call("run", "--prompt", "x", "--out", self.home.out / name / address[8:12], environment={"K": KEY, **environment})
                    self.assert_status(result, 0)
        self.assertTrue(all(request.headers["authorization"] == f"Bearer {KEY}" for request in server.requests))
        self.configured(server.url)
        self.assert_status(self.home.call("run", "--prompt", "x", environment={"K": KEY}), 2)

    def test_the_authority_of_one_server_is_not_that_of_another(self):
        good, other = self.server(self.ours.certificate("good")), self.server(self.ours.certificate("other"))
        self.home.config({"servers": [{"url": good.url, "ca_file": str(self.ours.file)}, {"url": other.url, "name": "other"}], "models": ["m"]})
        result = self.home.call("models")
        self.assertIn("other", result.stderr)
        self.assertIn("unknown authority", result.stderr)
        self.assertEqual((other.handshakes, other.requests), (0, []))

    def test_a_ca_file_that_is_not_there_is_named(self):
        server = self.server(self.ours.certificate("good"))
        self.configured(server.url, ca_file="/no/such/ca.pem")
        result = self.home.call("run", "--prompt", "x", environment={"K": KEY})
        self.assert_status(result, 2)
        self.assertIn("/no/such/ca.pem", result.stderr)

    def test_a_server_that_changes_its_certificate_is_refused_in_the_middle_of_a_session(self):
        server = self.server(self.ours.certificate("good"))
        stranger = Authority(self.home.path / "other", "Their CA").certificate("good")

        def chat(_):
            server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            server.context.load_cert_chain(*stranger)
            return answer("One")
        server.routes["POST /v1/chat/completions"] = chat
        self.configured(server.url, ca_file=str(self.ours.file))
        result = self.home.run(prompts=["1", "2"], environment={"K": KEY})
        self.assert_status(result, 3)
        self.assertEqual(result.answer("m", 1)["state"], "complete")
        error = result.answer("m", 2)["error"]
        self.assertEqual((error["kind"], error["phase"]), ("tls", "connect"))
        self.assertIn("unknown authority", error["message"])
        self.assertEqual(len(server.chats), 1)


if __name__ == "__main__":
    unittest.main()

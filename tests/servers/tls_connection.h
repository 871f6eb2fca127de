// The server's side of TLS over a plain connection, itself a connection: any script can be spoken through it.
#pragma once

#include <memory>
#include <string>

#include <openssl/ssl.h>

#include "demo/listener.h"
#include "servers/certificates.h"

namespace llmc::test {

class TlsConnection final : public demo::Connection {
public:
    TlsConnection(demo::Connection& plain, SSL_CTX* context) : plain_(plain), ssl_(SSL_new(context), &SSL_free) {
        from_peer_ = BIO_new(BIO_s_mem());
        to_peer_ = BIO_new(BIO_s_mem());
        SSL_set_bio(ssl_.get(), from_peer_, to_peer_);
        SSL_set_accept_state(ssl_.get());
    }

    bool handshake() {
        return step([this] { return SSL_do_handshake(ssl_.get()); }) > 0;
    }
    bool send(std::string_view bytes) override {
        return bytes.empty() ||
               step([&] { return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())); }) > 0;
    }
    std::string receive(std::size_t max) override {
        std::string bytes(max, '\0');
        const int count = step([&] { return SSL_read(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())); });
        bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
        return bytes;
    }
    bool is_peer_gone() override { return plain_.is_peer_gone(); }
    void reset() override { plain_.reset(); }
    void shut_down_sending() override {
        SSL_shutdown(ssl_.get());
        flush();
        plain_.shut_down_sending();
    }
    bool wait(std::chrono::nanoseconds time) override { return plain_.wait(time); }

    demo::Connection& plain() { return plain_; }

private:
    template <class Operation>
    int step(Operation operation) {
        for (;;) {
            const int result = operation();
            if (!flush()) return -1;
            if (result > 0 || SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ) return result;
            const std::string bytes = plain_.receive(16384);
            if (bytes.empty()) return -1;
            BIO_write(from_peer_, bytes.data(), static_cast<int>(bytes.size()));
        }
    }

    bool flush() {
        char* bytes = nullptr;
        const long size = BIO_get_mem_data(to_peer_, &bytes);
        if (size <= 0) return true;
        const bool is_sent = plain_.send({bytes, static_cast<std::size_t>(size)});
        (void)BIO_reset(to_peer_);
        return is_sent;
    }

    demo::Connection& plain_;
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
    BIO* from_peer_;  // owned by ssl_
    BIO* to_peer_;
};

// Speaks `script` through TLS with this certificate.
inline demo::Listener::Handler over_tls(const Certificate& certificate, demo::Listener::Handler script) {
    const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
    REQUIRE(SSL_CTX_use_certificate(context.get(), certificate.x509.get()) == 1);
    REQUIRE(SSL_CTX_use_PrivateKey(context.get(), certificate.key.get()) == 1);
    return [context, script = std::move(script)](demo::Connection& plain) {
        TlsConnection connection(plain, context.get());
        if (!connection.handshake()) return;
        script(connection);
        connection.shut_down_sending();
    };
}

}  // namespace llmc::test

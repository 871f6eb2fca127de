#include "tls.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>

#include "connect.h"

namespace llmc::net {
namespace {

using Context = std::shared_ptr<SSL_CTX>;

Error tls_error(std::string message) {
    return Error{ErrorKind::tls, std::move(message)};
}

Error internal_error() {
    return Error{ErrorKind::internal, "cannot be asked: OpenSSL could not be set up"};
}

Result<Context> make_context(const std::string& ca_file) {
    Context context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
    if (!context) return internal_error();
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    // Many servers close without a close_notify. What is complete is decided by the answer itself.
    SSL_CTX_set_options(context.get(), SSL_OP_IGNORE_UNEXPECTED_EOF);
    // A server's own certificate may stand in the file in place of its authority's.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context.get()), X509_V_FLAG_PARTIAL_CHAIN);
    if (ca_file.empty()) {
        SSL_CTX_set_default_verify_paths(context.get());  // honours SSL_CERT_FILE and SSL_CERT_DIR
    } else if (SSL_CTX_load_verify_locations(context.get(), ca_file.c_str(), nullptr) != 1) {
        return tls_error("cannot be verified: the file of trusted authorities \"" + ca_file + "\" cannot be read");
    }
    return context;
}

// Whom the certificate has to name: an address is compared with its addresses, a name with its names.
bool expect_host(SSL* ssl, const std::string& host) {
    std::array<unsigned char, 16> address{};
    const std::string literal = host.substr(0, host.find('%'));
    if (inet_pton(AF_INET, literal.c_str(), address.data()) == 1 ||
        inet_pton(AF_INET6, literal.c_str(), address.data()) == 1) {
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), literal.c_str()) == 1;
    }
    return SSL_set1_host(ssl, host.c_str()) == 1 && SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
}

std::string verify_words(long result) {
    switch (result) {
        case X509_V_ERR_CERT_HAS_EXPIRED: return "the certificate has expired";
        case X509_V_ERR_CERT_NOT_YET_VALID: return "the certificate is not valid yet";
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH: return "the certificate is for another host name";
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: return "the certificate is self-signed";
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: return "the certificate is signed by an unknown authority";
        default: return std::string("the certificate is not accepted: ") + X509_verify_cert_error_string(result);
    }
}

// Why a handshake failed: the certificate, what OpenSSL says, or the connection.
Error handshake_error(const SSL* ssl, int system_error) {
    const unsigned long code = ERR_peek_error();
    if (const long verified = SSL_get_verify_result(ssl); verified != X509_V_OK) {
        return tls_error("cannot be trusted: " + verify_words(verified));
    }
    const bool is_library_error = code != 0 && !ERR_SYSTEM_ERROR(code);
    if (!is_library_error) {
        if (system_error != 0) return connection_error(system_error);
        return Error{ErrorKind::connection, "closed the connection during the TLS handshake"};
    }
    if (ERR_GET_REASON(code) == SSL_R_WRONG_VERSION_NUMBER) {
        return tls_error("does not speak TLS: perhaps its address starts with http://");
    }
    const char* reason = ERR_reason_error_string(code);
    return tls_error(std::string("failed in the TLS handshake: ") + (reason ? reason : "no reason given"));
}

}  // namespace

Result<std::shared_ptr<SSL_CTX>> TlsAuthorities::context(const std::string& ca_file) {
    if (!ca_file.empty()) return make_context(ca_file);
    const base::Lock lock(mutex_);
    if (!system_) {
        auto made = make_context("");
        if (!made) return made.error();
        system_ = *made;
    }
    return system_;
}

Result<TlsSession> TlsSession::connect(int fd, const std::string& host, SSL_CTX& context, Waits& waits) {
    waits.set_connect_step("did not finish the TLS handshake");
    SSL* ssl = SSL_new(&context);
    if (ssl == nullptr) return internal_error();
    TlsSession session(ssl);
    if (SSL_set_fd(ssl, fd) != 1 || !expect_host(ssl, host)) return internal_error();

    for (;;) {
        ERR_clear_error();
        errno = 0;
        if (session.take(SSL_connect(ssl)) > 0) return session;
        if (session.wanted_events() == 0) return handshake_error(ssl, errno);
        if (auto waited = waits.wait_for(fd, session.wanted_events()); !waited) return waited.error();
    }
}

ssize_t TlsSession::read(char* bytes, std::size_t size) {
    ERR_clear_error();
    errno = 0;
    return take(
        SSL_read(ssl_.get(), bytes, static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max()))));
}

ssize_t TlsSession::write(const char* bytes, std::size_t size) {
    ERR_clear_error();
    errno = 0;
    return take(
        SSL_write(ssl_.get(), bytes, static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max()))));
}

void TlsSession::close() {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
}

ssize_t TlsSession::take(int result) {
    wanted_events_ = 0;
    if (result > 0) return result;
    const int system_error = errno;
    switch (SSL_get_error(ssl_.get(), result)) {
        case SSL_ERROR_ZERO_RETURN: return 0;
        case SSL_ERROR_WANT_READ: wanted_events_ = POLLIN; break;
        case SSL_ERROR_WANT_WRITE: wanted_events_ = POLLOUT; break;
        default: break;
    }
    errno = system_error;
    return -1;
}

}  // namespace llmc::net

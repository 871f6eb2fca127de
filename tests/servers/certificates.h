// Certificates made by tests while they run.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

namespace llmc::test {

struct Certificate {
    std::shared_ptr<X509> x509;
    std::shared_ptr<EVP_PKEY> key;
};

struct CertificateWish {
    std::string common_name = "localhost";
    std::string alternative_names = "DNS:localhost,IP:127.0.0.1";  // as OpenSSL writes them; empty: none
    long starts_in_s = -3600;
    long ends_in_s = 3600;
    const Certificate* issuer = nullptr;  // none: self-signed
    bool is_authority = false;
};

inline Certificate make_certificate(const CertificateWish& wish) {
    Certificate made;
    made.key = std::shared_ptr<EVP_PKEY>(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    made.x509 = std::shared_ptr<X509>(X509_new(), &X509_free);
    X509* const x509 = made.x509.get();
    const Certificate& issuer = wish.issuer ? *wish.issuer : made;

    static long serial = 1;
    X509_set_version(x509, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), serial++);
    X509_gmtime_adj(X509_getm_notBefore(x509), wish.starts_in_s);
    X509_gmtime_adj(X509_getm_notAfter(x509), wish.ends_in_s);
    X509_set_pubkey(x509, made.key.get());
    const auto* name = reinterpret_cast<const unsigned char*>(wish.common_name.c_str());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_UTF8, name, -1, -1, 0);
    X509_set_issuer_name(x509, X509_get_subject_name(issuer.x509.get()));

    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer.x509.get(), x509, nullptr, nullptr, 0);
    const auto extend = [&](int kind, const std::string& value) {
        X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
        REQUIRE(extension != nullptr);
        X509_add_ext(x509, extension, -1);
        X509_EXTENSION_free(extension);
    };
    extend(NID_basic_constraints, wish.is_authority ? "critical,CA:TRUE" : "CA:FALSE");
    if (!wish.alternative_names.empty()) extend(NID_subject_alt_name, wish.alternative_names);
    REQUIRE(X509_sign(x509, issuer.key.get(), EVP_sha256()) > 0);
    return made;
}

// A certificate in a PEM file, as long as this lives.
class PemFile {
public:
    explicit PemFile(const Certificate& certificate) {
        std::string name = (std::filesystem::temp_directory_path() / "net_tests_XXXXXX").string();
        const int fd = mkstemp(name.data());
        REQUIRE(fd >= 0);
        path_ = name;
        FILE* file = fdopen(fd, "w");
        REQUIRE(PEM_write_X509(file, certificate.x509.get()) == 1);
        fclose(file);
    }
    PemFile(const PemFile&) = delete;
    PemFile& operator=(const PemFile&) = delete;
    ~PemFile() { unlink(path_.c_str()); }
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

}  // namespace llmc::test

#include "net/base_url.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using llmc::ErrorKind;
using llmc::net::BaseUrl;

namespace {

BaseUrl url(const std::string& text) {
    auto parsed = BaseUrl::parse(text);
    REQUIRE_MESSAGE(parsed.ok(), text);
    return *parsed;
}

}  // namespace

TEST_CASE("a base URL is understood in every way that people write it") {
    struct Case {
        std::string text, normal, chat_path;
        bool has_explicit_port;
    };
    const std::vector<Case> cases{
        {"h", "http://h:80", "/v1/chat/completions", false},
        {"h:1234", "http://h:1234", "/v1/chat/completions", true},
        {"  h:1234\t\n", "http://h:1234", "/v1/chat/completions", true},
        {"h/", "http://h:80", "/v1/chat/completions", false},
        {"http://h", "http://h:80", "/v1/chat/completions", false},
        {"http://h/", "http://h:80", "/v1/chat/completions", false},
        {"http://h/v1", "http://h:80", "/v1/chat/completions", false},
        {"http://h/v1/", "http://h:80", "/v1/chat/completions", false},
        {"http://h//v1//", "http://h:80", "/v1/chat/completions", false},
        {"HTTP://Studio-2.Local:1234/v1", "http://studio-2.local:1234", "/v1/chat/completions", true},
        {"https://h", "https://h:443", "/v1/chat/completions", false},
        {"https://h:443", "https://h:443", "/v1/chat/completions", true},
        {"https://h/openai/v1", "https://h:443/openai/v1", "/openai/v1/chat/completions", false},
        {"https://h/openai/", "https://h:443/openai", "/openai/chat/completions", false},
        {"https://h/API/V1", "https://h:443/API/V1", "/API/V1/chat/completions", false},
        {"https://h/api/paas/v4", "https://h:443/api/paas/v4", "/api/paas/v4/chat/completions", false},
        {"h/xv1", "http://h:80/xv1", "/xv1/chat/completions", false},
        {"192.168.1.10:1234", "http://192.168.1.10:1234", "/v1/chat/completions", true},
        {"::1", "http://[::1]:80", "/v1/chat/completions", false},
        {"[::1]", "http://[::1]:80", "/v1/chat/completions", false},
        {"[::1]:8080/v1/", "http://[::1]:8080", "/v1/chat/completions", true},
        {"http://[0:0:0:0:0:0:0:1]:8080", "http://[::1]:8080", "/v1/chat/completions", true},
        {"[FE80::1%25eth0]:1", "http://[fe80::1%eth0]:1", "/v1/chat/completions", true},
        {"my_box:1", "http://my_box:1", "/v1/chat/completions", true},
        {"h:00080", "http://h:80", "/v1/chat/completions", true},
    };
    for (const Case& expected : cases) {
        CAPTURE(expected.text);
        const BaseUrl parsed = url(expected.text);
        CHECK(parsed.text() == expected.normal);
        CHECK(parsed.openai_path("/chat/completions") == expected.chat_path);
        CHECK(parsed.has_explicit_port() == expected.has_explicit_port);
        CHECK(url(parsed.text()).text() == parsed.text());
    }
}

TEST_CASE("nonsense is refused with a sentence that says what is wrong") {
    struct Case {
        std::string text, said;
    };
    const std::vector<Case> cases{
        {"", "empty"},
        {"  \r\n", "empty"},
        {"http://", "no host name"},
        {"https:///v1", "no host name"},
        {":80", "no host name"},
        {"http://:80", "no host name"},
        {"h:0", "1 to 65535"},
        {"h:65536", "1 to 65535"},
        {"h:99999", "1 to 65535"},
        {"h:99999999999999999999", "1 to 65535"},
        {"h:", "1 to 65535"},
        {"h:-1", "1 to 65535"},
        {"h:+1", "1 to 65535"},
        {"h:8o", "1 to 65535"},
        {"http:/h", "1 to 65535"},
        {"ftp://h", "ftp://"},
        {"file:///etc/passwd", "file://"},
        {"http://user:secret@h", "user name or password"},
        {"user@h", "user name or password"},
        {"my host", "blank"},
        {"h/a b", "blank"},
        {"h\r\nX: y", "blank"},
        {std::string("h\0x", 3), "blank"},
        {"h/\x01", "path"},
        {"h/\xC3\xBC", "path"},
        {"h\\v1", "character"},
        {"h\x7f", "character"},
        {"b\xC3\xBC"
         "cher.de",
         "xn--"},
        {"a..b", "empty part"},
        {".a", "empty part"},
        {"[::1", "closing bracket"},
        {"[::1]x", "Only a port"},
        {"[::1]:", "1 to 65535"},
        {"[h]", "not an IPv6 address"},
        {"[]", "not an IPv6 address"},
        {"[fe80::1%]", "not an IPv6 address"},
        {"[fe80::1%a/b]", "closing bracket"},
        {"a:b:c", "[address]:port"},
        {std::string(254, 'a'), "longer than 253"},
    };
    for (const Case& expected : cases) {
        CAPTURE(expected.text);
        const auto parsed = BaseUrl::parse(expected.text);
        REQUIRE_FALSE(parsed.ok());
        CHECK(parsed.error().kind == ErrorKind::usage);
        CHECK(parsed.error().message.find(expected.said) != std::string::npos);
        CHECK(parsed.error().message.find("secret") == std::string::npos);
    }
}

TEST_CASE("a base URL names its parts") {
    const BaseUrl plain = url("https://Example.org/openai/v1");
    CHECK(plain.is_https());
    CHECK(plain.host() == "example.org");
    CHECK(plain.port() == 443);
    CHECK(plain.origin() == "https://example.org:443");
    CHECK(plain.host_port() == "example.org:443");
    CHECK(plain.native_path("/api/v0/models") == "/openai/api/v0/models");

    const BaseUrl ipv6 = url("[::1]:8080");
    CHECK(ipv6.host() == "::1");
    CHECK(ipv6.host_port() == "[::1]:8080");
    CHECK(ipv6.origin() == "http://[::1]:8080");

    const BaseUrl moved = url("h/x").with_port(1234);
    CHECK(moved.text() == "http://h:1234/x");
    CHECK(moved.has_explicit_port());
    CHECK(moved == url("http://h:1234/x"));
}

TEST_CASE("what is pasted as an address is cut back to the server's") {
    for (const std::string pasted : {"/v1/chat/completions",
                                     "/v1/chat/completions/",
                                     "/v1/completions",
                                     "/v1/models",
                                     "/v1/models/",
                                     "/v1/models/qwen%2Fqwen3-4b",
                                     "/v1/embeddings",
                                     "/v1/responses",
                                     "/v1/messages",
                                     "/v1/audio/speech",
                                     "/chat/completions",
                                     "/models",
                                     "/?key=1",
                                     "?key=1#top",
                                     "/v1?key=1",
                                     "/v1/models?limit=3",
                                     "#top",
                                     "/#/chat/7",
                                     "/api/tags",
                                     "/api/chat",
                                     "/api/embeddings",
                                     "/health",
                                     "/docs#/default"}) {
        CAPTURE(pasted);
        CHECK(url("http://h:1234" + pasted) == url("http://h:1234"));
    }
    for (const std::string base : {"/api/paas/v4", "/v1beta/openai", "/openai/v1", "/models/v1", "/v1-openai"})
        for (const std::string pasted :
             {"/chat/completions", "/models", "/completions/", "/embeddings", "/responses?x=/"}) {
            CAPTURE(base + pasted);
            CHECK(url("http://h:1234" + base + pasted) == url("http://h:1234" + base));
        }
}

TEST_CASE("the API may begin at the address as it is, or below it") {
    const auto places = [](const std::string& text) {
        std::vector<std::string> paths;
        for (const BaseUrl& place : url(text).places()) paths.push_back(place.openai_path("/models"));
        return paths;
    };
    using Paths = std::vector<std::string>;
    CHECK(places("h") == Paths{"/v1/models", "/models"});
    CHECK(places("h/v1") == Paths{"/v1/models", "/models"});
    CHECK(places("h/llm/v1") == Paths{"/llm/v1/models"});
    CHECK(places("h/llm") == Paths{"/llm/models", "/llm/v1/models"});
    CHECK(places("h/api/v3") == Paths{"/api/v3/models", "/api/v3/v1/models"});
    for (const BaseUrl& place : url("h/llm").places()) CHECK(place.native_path("/props") == "/llm/props");
    for (const BaseUrl& place : url("h").places()) {
        CHECK(place.native_path("/props") == "/props");
        CHECK(place.text() == "http://h:80");
    }
}

TEST_CASE("a base URL knows this machine and the local network") {
    for (const std::string text :
         {"localhost", "LOCALHOST:1", "a.localhost", "127.0.0.1", "127.9.8.7", "[::1]", "[::ffff:127.0.0.1]"}) {
        CAPTURE(text);
        CHECK(url(text).is_loopback());
        CHECK_FALSE(url(text).is_local_network());
    }
    for (const std::string text : {"10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.10", "169.254.1.1",
                                   "[fe80::1]", "[fe80::1%eth0]", "[fd12::1]", "studio", "studio.local"}) {
        CAPTURE(text);
        CHECK_FALSE(url(text).is_loopback());
        CHECK(url(text).is_local_network());
    }
    for (const std::string text : {"8.8.8.8", "172.32.0.1", "192.169.0.1", "11.0.0.1", "128.0.0.1", "[2001:db8::1]",
                                   "example.org", "notlocalhost.org", "xlocal.org", "127.0.0.1.example.org"}) {
        CAPTURE(text);
        CHECK_FALSE(url(text).is_loopback());
        CHECK_FALSE(url(text).is_local_network());
    }
}

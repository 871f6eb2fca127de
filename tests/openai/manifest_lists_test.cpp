#include <string>

#include <doctest/doctest.h>

#include "openai/manifest.h"
#include "support.h"

using namespace llmc;
using namespace llmc::openai;
using namespace llmc::openai::test;
using base::Json;

namespace {

using Read = bool (*)(const Json&, Manifest&);

Json json(std::string_view text) {
    return base::parse_json(text).value();
}

Manifest read(Read reader, std::string_view text, Manifest manifest = {}) {
    REQUIRE(reader(json(text), manifest));
    return manifest;
}

Json body_of(const std::string& name) {
    return json(read_response(name).body);
}

// A list of a family's own.
Read own(std::string_view dialect, std::size_t list = 0) {
    return find_dialect(dialect)->lists.at(list).read;
}
const Read read_lm_studio_v1 = own("LM Studio"), read_lm_studio_v0 = own("LM Studio 0.3"),
           read_llama_props = own("llama-server"), read_ollama_tags = own("Ollama"), read_ollama_ps = own("Ollama", 1);

}  // namespace

TEST_CASE("/v1/models of any server gives the ids, in order and each once") {
    const Manifest manifest = read(
        read_openai_models, R"({"object":"list","data":[{"id":"b","object":"model","owned_by":"organization_owner"},
        {"id":"a"},{"id":"b"},{"id":""},{"id":null},{"id":7},null,"x",{"id":"text-embedding-nomic-embed-text-v1.5"},{"id":"e","type":"embedding"}]})");
    CHECK_FALSE(manifest.dialect);
    REQUIRE(manifest.models.size() == 4);
    CHECK(manifest.models[0].id == "b");
    CHECK(manifest.models[1].id == "a");
    CHECK(manifest.models[1] == ModelInfo{.id = "a"});
    CHECK(manifest.models[2].is_embedding);
    CHECK(manifest.models[3].is_embedding);
    CHECK(manifest.find("a") == &manifest.models[1]);
    CHECK(manifest.find("c") == nullptr);
    CHECK(read(read_openai_models, R"([{"id":"bare list"}])").models.size() == 1);
    CHECK(read(read_openai_models, R"({"data":[]})").models.empty());
}

TEST_CASE("what is no list of models is none, whatever its status") {
    for (const char* body : {R"({"error":"Unexpected endpoint or method.","data":[],"models":[]})",
                             R"({"error":{"message":"x"},"data":[]})", "{}", "null", "7", R"("text")",
                             R"({"data":null,"models":null})", R"({"data":{},"models":{}})", R"({"status":"ok"})"}) {
        CAPTURE(body);
        for (const Read reader : {read_openai_models, read_lm_studio_v1, read_lm_studio_v0, read_llama_props,
                                  read_ollama_tags, read_ollama_ps}) {
            Manifest manifest;
            CHECK_FALSE(reader(json(body), manifest));
            CHECK(manifest == Manifest{});
        }
    }
    Manifest manifest;
    CHECK_FALSE(read_llama_props(json(R"({"default_generation_settings":7})"), manifest));
}

TEST_CASE("every field but the id may be null or of another type") {
    const char* nulls =
        R"({"data":[{"id":"a","name":"a","key":"a","type":null,"quantization":null,"state":null,"max_context_length":null,
        "loaded_context_length":-5,"compatibility_type":7,"status":null,"meta":null,"max_model_len":null,"owned_by":null,"details":null,
        "size":"","size_bytes":null,"params_string":null,"loaded_instances":null,"capabilities":null,"format":null,"context_length":0}]})";
    Json body = json(nulls);
    body["models"] = body["data"];
    for (const Read reader : {read_openai_models, read_lm_studio_v1, read_lm_studio_v0, read_ollama_tags}) {
        Manifest manifest;
        CHECK(reader(body, manifest));
        REQUIRE(manifest.models.size() == 1);
        CHECK(manifest.models[0] == ModelInfo{.id = "a"});
    }
    Manifest props{.models = {{.id = "a"}}};
    CHECK(read_llama_props(
        json(R"({"default_generation_settings":{"n_ctx":null},"model_alias":null,"is_sleeping":null})"), props));
    CHECK_FALSE(props.models[0].context_length);
}

TEST_CASE("lengths and sizes that no model has are left out") {
    for (const char* number : {"-1", "-9223372036854775808", "1000000000000001", "4000000000000000000",
                               "18446744073709551615", "4e18", "1e300", "1.5"}) {
        CAPTURE(number);
        std::string text =
            R"({"data":[{"id":"a","key":"a","name":"a","context_length":N,"max_model_len":N,"max_context_length":N,"loaded_context_length":N,
            "size":N,"size_bytes":N,"meta":{"n_ctx":N,"n_ctx_train":N,"size":N},"details":{"context_length":N},
            "loaded_instances":[{"id":"a","config":{"context_length":N}}]}],"default_generation_settings":{"n_ctx":N}})";
        for (auto at = text.find('N'); at != std::string::npos; at = text.find('N')) text.replace(at, 1, number);
        Json body = json(text.c_str());
        body["models"] = body["data"];
        for (const Read reader : {read_openai_models, read_lm_studio_v1, read_lm_studio_v0, read_ollama_tags,
                                  read_ollama_ps, read_llama_props}) {
            Manifest manifest{.models = {{.id = "a", .context_length = 8}}};
            CHECK(reader(body, manifest));
            REQUIRE(manifest.models.size() == 1);
            CHECK(manifest.models[0].context_length == 8);
            CHECK_FALSE(manifest.models[0].max_context_length);
            CHECK_FALSE(manifest.models[0].size_bytes);
        }
    }
    CHECK(read(read_openai_models, R"({"data":[{"id":"a","context_length":1000000000000}]})")
              .models[0]
              .max_context_length == kMaxContextLength);
    CHECK_FALSE(read(read_openai_models, R"({"data":[{"id":"a","context_length":1000000000001}]})")
                    .models[0]
                    .max_context_length);
}

TEST_CASE("ids and words longer than any model has are left out, so that instances cannot multiply them") {
    const std::string words(1'000'000, 'q');
    Json instances = Json::array();
    for (int i = 0; i < 20; ++i) instances.push_back({{"id", "a:" + std::to_string(i)}});
    Json model{{"key", "a"}, {"format", words}, {"params_string", words}, {"quantization", {{"name", words}}}};
    model["loaded_instances"] = instances;
    Json too_long = model;
    too_long["key"] = words;
    Json body;
    body["models"] = {model, too_long};
    Manifest manifest;
    CHECK(read_lm_studio_v1(body, manifest));
    CHECK(manifest.models.size() == 21);
    for (const ModelInfo& info : manifest.models) {
        CHECK(info.id.size() <= 4096);
        CHECK((info.quantization.empty() && info.format.empty() && info.parameters.empty()));
    }
}

TEST_CASE("LM Studio's v1 list tells type, quantization, sizes, instances and their context") {
    const Manifest manifest = read(read_lm_studio_v1, R"({"models":[
        {"type":"llm","key":"qwen/qwen3-4b","display_name":"Qwen3 4B","architecture":"qwen3","quantization":{"name":"Q4_K_M","bits_per_weight":4},
         "size_bytes":2497281120,"params_string":"4B","loaded_instances":[{"id":"qwen/qwen3-4b","config":{"context_length":8192,"parallel":4}},
         {"id":"qwen/qwen3-4b:2","config":{"context_length":4096}}],"max_context_length":131072,"format":"gguf","capabilities":{"vision":false,"trained_for_tool_use":true}},
        {"type":"llm","key":"gemma-4","quantization":null,"params_string":null,"loaded_instances":[],"max_context_length":262144,"format":"mlx"},
        {"type":"embedding","key":"text-embedding-nomic","loaded_instances":[]}]})",
                                   read(read_openai_models, R"({"data":[{"id":"gemma-4"},{"id":"qwen/qwen3-4b"}]})"));
    REQUIRE(manifest.models.size() == 4);
    CHECK(manifest.models[0] ==
          ModelInfo{.id = "gemma-4", .format = "mlx", .max_context_length = 262144, .state = LoadState::not_loaded});
    CHECK(manifest.models[1] == ModelInfo{.id = "qwen/qwen3-4b",
                                          .quantization = "Q4_K_M",
                                          .format = "gguf",
                                          .context_length = 8192,
                                          .max_context_length = 131072,
                                          .size_bytes = 2497281120,
                                          .parameters = "4B",
                                          .state = LoadState::loaded,
                                          .calls_tools = true,
                                          .takes_images = false});
    CHECK(manifest.models[2].id == "qwen/qwen3-4b:2");
    CHECK(manifest.models[2].context_length == 4096);
    CHECK(manifest.models[2].state == LoadState::loaded);
    CHECK(manifest.models[3].is_embedding);
}

TEST_CASE("LM Studio's variants are models of their own, and its plain name is the one that is loaded") {
    const Manifest manifest = read(read_lm_studio_v1, R"({"models":[
        {"type":"llm","key":"m","quantization":{"name":"Q8_0"},"size_bytes":8000,"loaded_instances":[{"id":"m@q4_k_m","config":{"context_length":8192}}],
         "max_context_length":131072,"format":"gguf","variants":["m@q4_k_m","m@q8_0","m@iq2_xxs",7,""],"selected_variant":"m@q8_0"},
        {"type":"llm","key":"one","quantization":{"name":"4bit"},"loaded_instances":[{}],"variants":["one@4bit"],"selected_variant":"one@4bit"}]})");
    const auto words = [&](std::string_view id) {
        const ModelInfo* model = manifest.find(id);
        REQUIRE(model);
        return model->quantization + " " + std::string(load_state_name(model->state)) +
               (model->size_bytes ? " " + std::to_string(*model->size_bytes) : "") +
               (model->context_length ? " " + std::to_string(*model->context_length) : "");
    };
    CHECK(manifest.models.size() == 5);
    CHECK(words("m") == "Q4_K_M loaded 8192");
    CHECK(words("m@q4_k_m") == "Q4_K_M loaded 8192");
    CHECK(words("m@q8_0") == "Q8_0 not loaded 8000");
    CHECK(words("m@iq2_xxs") == "IQ2_XXS not loaded");
    CHECK(words("one") == "4bit loaded");
    for (const ModelInfo& model : manifest.models)
        if (model.id.starts_with("m")) CHECK(model.max_context_length == 131072);
}

TEST_CASE("other words beside a list are no error, and a list may have other shapes") {
    for (const char* body :
         {R"({"data":[{"id":"a"}],"message":"success"})", R"({"data":[{"id":"a"}],"detail":"ok","code":200})",
          R"({"data":[{"id":"a"}],"error":null})", R"({"models":[{"id":"a"}]})", R"({"models":[{"name":"a"}]})",
          R"({"success":true,"errors":[],"messages":[],"result":[{"id":"a"}]})", R"(["a"])", R"({"models":["a"]})"}) {
        CAPTURE(body);
        CHECK(read(read_openai_models, body).models == std::vector<ModelInfo>{{.id = "a"}});
    }
    for (const char* body : {R"({"models":[{"key":"a"}]})", R"({"models":[]})", R"({"result":[{"x":1}]})",
                             R"({"object":"error","message":"x","data":[{"id":"a"}]})"}) {
        CAPTURE(body);
        Manifest manifest;
        CHECK_FALSE(read_openai_models(json(body), manifest));
    }
}

TEST_CASE("LM Studio's v0 list tells state and context") {
    const Manifest manifest = read(read_lm_studio_v0, R"({"object":"list","data":[
        {"id":"a","type":"llm","compatibility_type":"gguf","quantization":"Q8_0","state":"loaded","max_context_length":32768,"loaded_context_length":4096},
        {"id":"b","type":"vlm","compatibility_type":"mlx","quantization":"4bit","state":"not-loaded","max_context_length":32768},
        {"id":"c","type":"llm","state":"loading","capabilities":["tool_use"]},{"id":"d","type":"embeddings","state":"not-loaded"}]})");
    CHECK(manifest.models[0] == ModelInfo{.id = "a",
                                          .quantization = "Q8_0",
                                          .format = "gguf",
                                          .context_length = 4096,
                                          .max_context_length = 32768,
                                          .state = LoadState::loaded,
                                          .takes_images = false});
    CHECK(manifest.models[1].takes_images == true);
    CHECK_FALSE(manifest.models[1].calls_tools);
    CHECK(manifest.models[2].calls_tools == true);
    CHECK(manifest.models[1].state == LoadState::not_loaded);
    CHECK_FALSE(manifest.models[1].context_length);
    CHECK(manifest.models[2].state == LoadState::loading);
    CHECK(manifest.models[3].is_embedding);
}

TEST_CASE("llama-server tells its model in /v1/models and the context of a slot in /props") {
    Manifest manifest;
    REQUIRE(read_openai_models(body_of("smollm2/models.http"), manifest));
    CHECK(manifest.kind_name() == "llama-server");
    CHECK(manifest.models == std::vector<ModelInfo>{{.id = "smollm2-135m-instruct-q4_0",
                                                     .quantization = "Q4_0",
                                                     .format = "gguf",
                                                     .context_length = 2048,
                                                     .max_context_length = 8192,
                                                     .size_bytes = 75785472,
                                                     .parameters = "135M",
                                                     .state = LoadState::loaded}});
    Manifest tiny;
    REQUIRE(read_openai_models(body_of("llama-server/models.http"), tiny));
    CHECK(tiny.models[0].quantization == "F32");
    CHECK(tiny.models[0].parameters == "3.9M");
    REQUIRE(read_llama_props(body_of("llama-server/props.http"), tiny));
    CHECK(tiny.models[0].context_length == 1024);
    Manifest alone;
    REQUIRE(read_llama_props(body_of("llama-server/props.http"), alone));
    CHECK(alone.models[0] == ModelInfo{.id = "tiny-a",
                                       .quantization = "F32",
                                       .format = "gguf",
                                       .context_length = 1024,
                                       .state = LoadState::loaded,
                                       .calls_tools = false,
                                       .takes_images = false});
    const Manifest asleep =
        read(read_llama_props,
             R"({"default_generation_settings":{"n_ctx":5},"is_sleeping":true,"model_ftype":"Q4_K - Medium"})",
             Manifest{.models = {{.id = "a"}}});
    CHECK(asleep.models[0].state == LoadState::not_loaded);
    CHECK(asleep.models[0].quantization == "Q4_K_M");
}

TEST_CASE("llama-server as a router tells which models are loaded; its props belong to none") {
    Manifest manifest;
    REQUIRE(read_openai_models(body_of("smollm2/router-models.http"), manifest));
    CHECK(manifest.kind_name() == "llama-server (router)");
    REQUIRE(manifest.models.size() == 5);
    CHECK(manifest.find("slow-c")->state == LoadState::not_loaded);
    CHECK(manifest.find("slow-c")->max_context_length == 2048);
    CHECK(manifest.find("smollm2-135m-instruct-q8_0")->state == LoadState::loaded);
    CHECK(manifest.find("smollm2-135m-instruct-q8_0")->context_length == 2048);
    CHECK(manifest.find("smollm2-135m-instruct-q8_0")->quantization == "Q8_0");
    Manifest before = manifest;
    CHECK(read_llama_props(body_of("llama-server/props.http"), manifest));
    CHECK(manifest.version == "b11669-Debian");  // the server's
    before.version = manifest.version;
    CHECK(manifest == before);
    for (const auto& [word, state] : {std::pair{"loading", LoadState::loading},
                                      {"downloading", LoadState::loading},
                                      {"sleeping", LoadState::not_loaded},
                                      {"failed", LoadState::not_loaded},
                                      {"?", LoadState::unknown}})
        CHECK(read(read_openai_models, R"({"data":[{"id":"a","status":{"value":")" + std::string(word) + "\"}}]}")
                  .models[0]
                  .state == state);
}

TEST_CASE("Ollama tells details in tags and what is loaded in ps") {
    const Manifest tags = read(read_ollama_tags, R"({"models":[
        {"name":"llama3.2:3b","model":"llama3.2:3b","size":2019393189,"details":{"format":"gguf","family":"llama","parameter_size":"3.2B","quantization_level":"Q4_K_M","context_length":131072},
         "capabilities":["completion","tools"]},
        {"name":"nomic-embed-text:latest","details":{"family":"nomic-bert"}},{"name":"e","capabilities":["embedding"]},{"model":"only-model"}]})",
                               read(read_openai_models, R"({"data":[{"id":"llama3.2:3b","owned_by":"library"}]})"));
    REQUIRE(tags.models.size() == 4);
    CHECK(tags.models[0] == ModelInfo{.id = "llama3.2:3b",
                                      .quantization = "Q4_K_M",
                                      .format = "gguf",
                                      .max_context_length = 131072,
                                      .size_bytes = 2019393189,
                                      .parameters = "3.2B",
                                      .calls_tools = true,
                                      .takes_images = false});
    CHECK(tags.models[1].is_embedding);
    CHECK(tags.models[2].is_embedding);
    CHECK(tags.models[3].id == "only-model");
    const Manifest ps =
        read(read_ollama_ps, R"({"models":[{"name":"llama3.2:3b","context_length":4096,"size_vram":1}]})", tags);
    CHECK(ps.models[0].state == LoadState::loaded);
    CHECK(ps.models[0].context_length == 4096);
    CHECK(ps.models[1].state == LoadState::not_loaded);
}

TEST_CASE("vLLM tells the longest context") {
    const Manifest manifest =
        read(read_openai_models, R"({"data":[{"id":"a","owned_by":"vllm","max_model_len":32768,"root":"a"}]})");
    CHECK(manifest.kind_name() == "vLLM");
    CHECK(manifest.models[0] == ModelInfo{.id = "a", .context_length = 32768, .state = LoadState::loaded});
}

// What grew with the square of it would take hours: the time limit of the test ends it.
TEST_CASE("a list of very many models is read in linear time") {
    Json body{{"data", Json::array()}};
    for (int i = 0; i < 600'000; ++i) body["data"].push_back({{"id", "model-" + std::to_string(i % 450'000)}});
    Manifest manifest;
    CHECK(read_openai_models(body, manifest));
    CHECK(manifest.models.size() == 450'000);
}

TEST_CASE("names of kinds and states are for people") {
    CHECK(Manifest{.dialect = find_dialect("LM Studio")}.kind_name() == "LM Studio");
    CHECK(Manifest{}.kind_name() == "OpenAI-compatible");
    CHECK(load_state_name(LoadState::not_loaded) == "not loaded");
}

TEST_CASE("the nearest models come first") {
    const std::vector<std::string> ids = {"gemma-3-12b-it",       "qwen2.5-7b-instruct",  "qwen2.5-7b-instruct-q8_0",
                                          "qwen2.5-14b-instruct", "text-embedding-nomic", "Llama-3.2-3B"};
    using Names = std::vector<std::string>;
    CHECK(nearest_models("qwen2.5-7b-instruct-q4_k_m", ids, 2) ==
          Names{"qwen2.5-7b-instruct-q8_0", "qwen2.5-7b-instruct"});
    CHECK(nearest_models("QWEN2.5-7B-INSTRUCT", ids, 1) == Names{"qwen2.5-7b-instruct"});
    CHECK(nearest_models("llama-3.2-3b:latest", ids, 1) == Names{"Llama-3.2-3B"});
    CHECK(nearest_models("gemma", ids, 1) == Names{"gemma-3-12b-it"});
    CHECK(nearest_models("x", ids).size() == 3);
    CHECK(nearest_models("x", {}, 3).empty());
    CHECK(nearest_models("a", {"a", "a", "b"}, 3) == Names{"a", "b"});
    CHECK(nearest_models("", {""}, 3) == Names{""});
}

// What the server's sources ask of its web page, and of llama.cpp's image and audio library, which is 60 files that a
// text server never needs. Here both are absent: an --mmproj file is refused, and nothing else is reached without one.

#include <cstdio>
#include <cstdlib>

#include "mtmd-helper.h"
#include "mtmd.h"
#include "ui.h"

const std::array<llama_ui_asset, 0> & llama_ui_get_assets() {
    static const std::array<llama_ui_asset, 0> none{};
    return none;
}

mtmd_helper_init_opt mtmd_helper_init_opt_default() { return {}; }
void mtmd_helper_log_set(ggml_log_callback, void *) {}
mtmd_context_params mtmd_context_params_default() { return {}; }
mtmd_context * mtmd_init_from_file(const char *, const llama_model *, const mtmd_context_params) { return nullptr; }
void mtmd_free(mtmd_context *) {}
mtmd_caps mtmd_get_cap_from_file(const char *) { return {}; }
std::map<ggml_backend_dev_t, size_t> mtmd_get_memory_usage(const char *, mtmd_context_params) { return {}; }

[[noreturn]] static void absent(const char * name) {
    fprintf(stderr, "%s: this llama-server was built for text alone\n", name);
    abort();
}

bool mtmd_support_vision(const mtmd_context *) { return false; }
bool mtmd_support_audio(const mtmd_context *) { return false; }
bool mtmd_helper_support_video(const mtmd_context *) { return false; }
void mtmd_bitmap_free(mtmd_bitmap *) {}
void mtmd_batch_free(mtmd_batch *) {}
void mtmd_input_chunk_free(mtmd_input_chunk *) {}
void mtmd_input_chunks_free(mtmd_input_chunks *) {}

// Only reached with an image in the prompt; a caller's own signature does not matter to a function that never returns.
#define ABSENT(name) extern "C" __attribute__((noreturn)) void absent_##name() __asm__(#name); void absent_##name() { absent(#name); }
ABSENT(mtmd_batch_add_chunk)
ABSENT(mtmd_batch_encode)
ABSENT(mtmd_batch_get_output_embd)
ABSENT(mtmd_batch_init)
ABSENT(mtmd_bitmap_get_id)
ABSENT(mtmd_bitmap_set_id)
ABSENT(mtmd_helper_bitmap_init_from_buf)
ABSENT(mtmd_helper_decode_image_chunk)
ABSENT(mtmd_helper_video_free)
ABSENT(mtmd_input_chunk_copy)
ABSENT(mtmd_input_chunk_get_id)
ABSENT(mtmd_input_chunk_get_n_pos)
ABSENT(mtmd_input_chunk_get_n_tokens)
ABSENT(mtmd_input_chunk_get_placeholder)
ABSENT(mtmd_input_chunk_get_tokens_text)
ABSENT(mtmd_input_chunk_get_type)
ABSENT(mtmd_input_chunk_load)
ABSENT(mtmd_input_chunk_save)
ABSENT(mtmd_input_chunks_get)
ABSENT(mtmd_input_chunks_init)
ABSENT(mtmd_input_chunks_size)
ABSENT(mtmd_tokenize)

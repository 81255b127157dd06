#include <zlib.h>

// Streams without a header, as ZIP has them; the macro behind it is not visible in Swift.
static inline int roost_inflate_start(z_stream *stream) { return inflateInit2(stream, -MAX_WBITS); }

// Streams with the header of gzip.
static inline int roost_gzip_start(z_stream *stream) {
    return deflateInit2(stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
}

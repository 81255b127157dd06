#include <zlib.h>

// Streams without a header, as ZIP has them; the macro behind it is not visible in Swift.
static inline int roost_inflate_start(z_stream *stream) { return inflateInit2(stream, -MAX_WBITS); }

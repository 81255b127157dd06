#ifndef ROOST_CONTENT_H
#define ROOST_CONTENT_H

#include <stddef.h>
#include <stdint.h>

/// Where the first chunk of a text ends: a place that depends on the bytes before it only, between `least` and `most`.
///
/// The same bytes are cut at the same places wherever they stand, so an insertion changes the chunks around it and no others. `bits` is the binary
/// logarithm of the average length beyond `least`. Returns `size` when there is no such place in the text and it is not longer than `most`.
size_t roost_cut(const uint8_t *bytes, size_t size, size_t least, size_t most, unsigned bits);

/// Goes on with a CRC-32 of the polynomial 0xEDB88320; the first is of 0.
uint32_t roost_crc32(uint32_t crc, const uint8_t *bytes, size_t size);

#endif

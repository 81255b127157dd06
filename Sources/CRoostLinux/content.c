#include "content.h"

static uint64_t gear[256];
static uint32_t crcs[8][256];

/// The numbers of splitmix64, which look random and are the same everywhere.
__attribute__((constructor)) static void fill_tables(void) {
    uint64_t state = 0x526f6f7374;
    for (int index = 0; index < 256; index++) {
        uint64_t word = state += 0x9e3779b97f4a7c15u;
        word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9u;
        word = (word ^ (word >> 27)) * 0x94d049bb133111ebu;
        gear[index] = word ^ (word >> 31);
        uint32_t crc = (uint32_t)index;
        for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320u ^ (crc >> 1) : crc >> 1;
        crcs[0][index] = crc;
    }
    for (int slice = 1; slice < 8; slice++)
        for (int index = 0; index < 256; index++)
            crcs[slice][index] = crcs[0][crcs[slice - 1][index] & 0xff] ^ (crcs[slice - 1][index] >> 8);
}

size_t roost_cut(const uint8_t *bytes, size_t size, size_t least, size_t most, unsigned bits) {
    const size_t window = 64;
    size_t end = size < most ? size : most;
    if (end <= least) return end;
    uint64_t hash = 0;
    size_t place = least > window ? least - window : 0;
    for (; place < least; place++) hash = (hash << 1) + gear[bytes[place]];
    for (; place < end; place++) {
        hash = (hash << 1) + gear[bytes[place]];
        if (hash >> (64 - bits) == 0) return place + 1;
    }
    return end;
}

uint32_t roost_crc32(uint32_t crc, const uint8_t *bytes, size_t size) {
    crc = ~crc;
    for (; size >= 8; size -= 8, bytes += 8) {
        uint32_t low = crc ^ ((uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24);
        crc = crcs[7][low & 0xff] ^ crcs[6][(low >> 8) & 0xff] ^ crcs[5][(low >> 16) & 0xff] ^ crcs[4][low >> 24] ^
              crcs[3][bytes[4]] ^ crcs[2][bytes[5]] ^ crcs[1][bytes[6]] ^ crcs[0][bytes[7]];
    }
    for (; size > 0; size--, bytes++) crc = crcs[0][(crc ^ *bytes) & 0xff] ^ (crc >> 8);
    return ~crc;
}

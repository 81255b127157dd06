#include <crypt.h>
#include <stdlib.h>
#include <string.h>

// Hashes a phrase by a setting such as `$2b$10$…`: writes at most `size` bytes with the zero behind them; 0 is done.
static inline int roost_crypt(const char *phrase, const char *setting, char *output, size_t size) {
    void *data = NULL;
    int length = 0;
    int code = -1;
    const char *hash = crypt_ra(phrase, setting, &data, &length);
    if (hash != NULL && hash[0] != '*' && strlen(hash) < size) {
        memcpy(output, hash, strlen(hash) + 1);
        code = 0;
    }
    if (data != NULL) memset(data, 0, (size_t)length);
    free(data);
    return code;
}

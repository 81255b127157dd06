import Glibc

/// How many files and sockets this process may have open.
enum OpenFileLimit {
    /// Raises the soft limit to the hard one: each waiting agent holds two connections, and the usual soft limit is 1,024.
    static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < limit.rlim_max
        else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

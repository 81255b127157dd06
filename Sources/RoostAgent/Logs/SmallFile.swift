import Glibc

/// Files that are read and written whole.
enum SmallFile {
    /// Writes a file through a new one of another name, so that a reader sees the old or the new content; 0 or an error number.
    static func write(_ text: String, to path: String, mode: mode_t = 0o600) -> Int32 {
        let draft = "\(path).\(getpid()).new"
        let error = create(text, at: draft, mode: mode)
        if error == 0, rename(draft, path) == 0 { return 0 }
        let failure = error == 0 ? errno : error
        unlink(draft)
        return failure
    }

    /// Makes a file, or empties an old one, and fills it; 0 or an error number.
    static func create(_ text: String, at path: String, mode: mode_t = 0o600) -> Int32 {
        let file = open(path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, mode)
        guard file >= 0 else { return errno }
        defer { close(file) }
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(file, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return errno }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
            return 0
        }
    }

    /// The content as text; nil when it cannot be read.
    static func read(_ path: String, limit: Int = 1 << 20) -> String? {
        ProcFile.read(path, limit: limit).map { String(decoding: $0, as: UTF8.self) }
    }
}

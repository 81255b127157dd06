import Glibc

/// Copies the bytes and the mode of one file.
enum FileCopy {
    private static let pieceSize = 1 << 20

    /// Copies a file, over one that is there.
    ///
    /// - Parameters:
    ///   - source: a file, or a link to one.
    ///   - target: where it goes; the folder must be there.
    ///   - keepsTimes: the copy gets the times of the source.
    /// - Throws: ``FileFailure``.
    static func copy(_ source: String, to target: String, keepsTimes: Bool) throws(FileFailure) {
        let input = open(source, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw .unreadable(source, error: errno) }
        defer { close(input) }
        var status = stat()
        guard fstat(input, &status) == 0 else { throw .unreadable(source, error: errno) }
        var old = stat()
        // A file copied onto itself would be emptied before it is read.
        if stat(target, &old) == 0, old.st_dev == status.st_dev, old.st_ino == status.st_ino { return }
        let output = try create(target, status.st_mode & 0o777)
        defer { close(output) }
        try transfer(input, output, source, target)
        // Modes are kept as well as the file system can.
        fchmod(output, status.st_mode & 0o777)
        guard keepsTimes else { return }
        let times = [status.st_atim, status.st_mtim]
        if futimens(output, times) != 0 { throw .unwritable(target, error: errno) }
    }

    private static func create(_ target: String, _ mode: mode_t) throws(FileFailure) -> Int32 {
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
        var output = open(target, flags, mode)
        // One that is write-protected gives way, as with `cp -f`.
        if output < 0, errno == EACCES || errno == EPERM || errno == ETXTBSY, unlink(target) == 0 {
            output = open(target, flags, mode)
        }
        guard output >= 0 else { throw .unwritable(target, error: errno) }
        return output
    }

    private static func transfer(
        _ input: Int32,
        _ output: Int32,
        _ source: String,
        _ target: String
    ) throws(FileFailure) {
        var buffer = [UInt8](repeating: 0, count: pieceSize)
        while true {
            let count = read(input, &buffer, buffer.count)
            if count == 0 { return }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .unreadable(source, error: errno) }
            try writeAll(buffer[..<count], output, target)
        }
    }

    private static func writeAll(_ bytes: ArraySlice<UInt8>, _ output: Int32, _ target: String) throws(FileFailure) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(output, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .unwritable(target, error: errno) }
            rest = rest.dropFirst(count)
        }
    }
}

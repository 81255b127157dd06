import Glibc

/// A file that is read at any place; closed with the last reference.
final class ZipFile: Sendable {
    private let descriptor: Int32
    private let path: String
    let size: Int

    init(path: String) throws(ZipFault) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        var status = stat()
        guard file >= 0, fstat(file, &status) == 0 else {
            let reason = String(cString: strerror(errno))
            if file >= 0 { close(file) }
            throw .unreadable(path: path, reason: reason)
        }
        descriptor = file
        size = Int(status.st_size)
        self.path = path
    }

    deinit { close(descriptor) }

    /// Exactly as many bytes as asked for.
    func bytes(at offset: Int, count: Int) throws(ZipFault) -> [UInt8] {
        guard offset >= 0, count >= 0, count <= size, offset <= size - count else {
            throw .damaged("it ends too early")
        }
        var done = 0
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while done < count {
                let read = pread(descriptor, buffer.baseAddress.map { $0 + done }, count - done, off_t(offset + done))
                if read < 0, errno == EINTR { continue }
                guard read > 0 else {
                    failure = errno
                    break
                }
                done += read
            }
            filled = done
        }
        guard done == count else { throw .unreadable(path: path, reason: String(cString: strerror(failure))) }
        return bytes
    }
}

extension [UInt8] {
    func number16(_ place: Int) -> UInt16 { UInt16(self[place]) | UInt16(self[place + 1]) << 8 }
    func number32(_ place: Int) -> UInt32 { UInt32(number16(place)) | UInt32(number16(place + 2)) << 16 }
}

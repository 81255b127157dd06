import Glibc

/// A port for a server that is started anew at the same place.
public enum FreePort {
    /// One of this machine's loopback that nobody listens at; another program may take it meanwhile.
    public static func take() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let error = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) != 0 ? -1 : getsockname(descriptor, $0, &length)
            }
        }
        guard error == 0 else { throw TestFailure("there is no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

import FoundationEssentials
import Glibc
import RoostModel

/// How a machine with a network of its own reaches the server: at the server's own address, which inside leads to its keeper.
struct ServerDoor: Hashable, Sendable {
    /// Where the keeper reaches the server, as a number.
    var address: String
    var port: Int
    /// An address that the machine's network needs besides the loopback's; nil when the loopback's own will do.
    var ownAddress: String?
    var isIPv6 = false
    /// A name that the machine has to know as its loopback.
    var name: String?

    /// - Throws: ``ProviderFailure`` for an address that no machine could reach in this way.
    init(_ joining: MachineJoining) throws(ProviderFailure) {
        let url = joining.url
        guard let host = url.host?.trimmingBrackets, !host.isEmpty else {
            throw .failed("The server's address \(url) has no host")
        }
        port = url.port ?? (url.scheme?.lowercased() == "https" ? 443 : 80)
        var (four, six) = (in_addr(), in6_addr())
        if inet_pton(AF_INET, host, &four) == 1 {
            address = host
            ownAddress = host.hasPrefix("127.") ? nil : host
        } else if inet_pton(AF_INET6, host, &six) == 1 {
            guard host == "::1" else {
                throw .unavailable(
                    "Machines that reach the server alone cannot do so at the address \(host)",
                    advice: "Give the server a name, or give the pool the network 'host'."
                )
            }
            address = host
            isIPv6 = true
        } else {
            address = try Self.resolved(host)
            name = host
        }
    }

    /// The first address of a name.
    private static func resolved(_ name: String) throws(ProviderFailure) -> String {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let error = getaddrinfo(name, nil, &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard error == 0, let first = list?.pointee else {
            throw .failed("The server's name \(name) is not known here: \(String(cString: gai_strerror(error)))")
        }
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let size = socklen_t(text.count)
        guard getnameinfo(first.ai_addr, first.ai_addrlen, &text, size, nil, 0, NI_NUMERICHOST) == 0 else {
            throw .failed("The server's name \(name) has no address")
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension String {
    /// Addresses of IPv6 have brackets in URLs.
    fileprivate var trimmingBrackets: String {
        hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : self
    }
}

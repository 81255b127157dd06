import Glibc

/// An address of the Internet Protocol.
struct IPAddress: Sendable {
    let value: UInt128
    let isV6: Bool

    init(_ value: UInt128, isV6: Bool) {
        self.value = value
        self.isV6 = isV6
    }

    /// Nil when the text is no address.
    init?(_ text: some StringProtocol) {
        let text = String(text)
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 {
            self.init(bytes.prefix(4).reduce(0) { $0 << 8 | UInt128($1) }, isV6: false)
        } else if inet_pton(AF_INET6, text, &bytes) == 1 {
            self.init(bytes.reduce(0) { $0 << 8 | UInt128($1) }, isV6: true)
        } else {
            return nil
        }
    }

    var width: Int { isV6 ? 128 : 32 }
}

extension IPAddress: CustomStringConvertible {
    var description: String {
        var bytes = (0..<(width / 8)).map { UInt8(truncatingIfNeeded: value >> UInt128(width - 8 - 8 * $0)) }
        var text = [CChar](repeating: 0, count: 64)
        guard inet_ntop(isV6 ? AF_INET6 : AF_INET, &bytes, &text, 64) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// A network: an address whose first bits count.
struct IPPrefix: Sendable {
    /// The first address of the network.
    let address: IPAddress
    let length: Int

    init(address: IPAddress, length: Int) {
        self.length = length
        let width = address.width
        let hosts: UInt128 = width == length ? 0 : UInt128.max >> UInt128(128 - (width - length))
        self.address = IPAddress(address.value & ~hosts, isV6: address.isV6)
    }

    /// Nil when the text is no network in CIDR notation.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(parts[0]), let length = Int(parts[1]),
            parts[1].first?.isNumber == true,
            (0...address.width).contains(length)
        else { return nil }
        self.init(address: address, length: length)
    }

    private var hosts: UInt128 { length == address.width ? 0 : UInt128.max >> UInt128(128 - (address.width - length)) }
    var last: UInt128 { address.value | hosts }

    /// The bits that count, as an address.
    var mask: UInt128 { (address.isV6 ? UInt128.max : UInt128(UInt32.max)) & ~hosts }

    /// The address with a number, from the end when it is negative; nil beyond the network.
    func host(_ number: Int) -> IPAddress? {
        let distance = UInt128(number < 0 ? -(number + 1) : number)
        guard distance <= hosts else { return nil }
        return IPAddress(number < 0 ? last - distance : address.value + distance, isV6: address.isV6)
    }

    func subnet(_ bits: Int, number: UInt128) -> IPPrefix {
        let shift = address.width - length - bits
        let offset = shift >= 128 ? 0 : number << UInt128(shift)
        return IPPrefix(address: IPAddress(address.value | offset, isV6: address.isV6), length: length + bits)
    }
}

extension IPPrefix: CustomStringConvertible {
    var description: String { "\(address)/\(length)" }
}

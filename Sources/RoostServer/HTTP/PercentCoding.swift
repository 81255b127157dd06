/// Percent-encoding of addresses (RFC 3986 §2.1).
enum PercentCoding {
    /// Decodes `%41`; what is no such sequence stays as it is, and bytes that are no UTF-8 are replaced.
    ///
    /// - Parameters:
    ///   - text: part of an address.
    ///   - plusIsBlank: as in queries and forms.
    /// - Returns: the text it stands for.
    static func decode(_ text: some StringProtocol, plusIsBlank: Bool = false) -> String {
        let utf8 = text.utf8
        guard utf8.contains(where: { $0 == UInt8(ascii: "%") || plusIsBlank && $0 == UInt8(ascii: "+") }) else {
            return String(text)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count)
        var index = utf8.startIndex
        while index < utf8.endIndex {
            let byte = utf8[index]
            index = utf8.index(after: index)
            if byte == UInt8(ascii: "+"), plusIsBlank {
                bytes.append(UInt8(ascii: " "))
                continue
            }
            guard byte == UInt8(ascii: "%"), let end = utf8.index(index, offsetBy: 2, limitedBy: utf8.endIndex),
                let value = hexadecimal(utf8[index..<end])
            else {
                bytes.append(byte)
                continue
            }
            bytes.append(value)
            index = end
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Encodes everything but letters, digits and `-._~`, so that the text can be one part of an address.
    static func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e:
                result.unicodeScalars.append(UnicodeScalar(byte))
            default: result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
    }

    private static func hexadecimal(_ digits: some Collection<UInt8>) -> UInt8? {
        var value: UInt8 = 0
        for digit in digits {
            switch digit {
            case 0x30...0x39: value = value << 4 | (digit - 0x30)
            case 0x41...0x46: value = value << 4 | (digit - 0x37)
            case 0x61...0x66: value = value << 4 | (digit - 0x57)
            default: return nil
            }
        }
        return value
    }
}

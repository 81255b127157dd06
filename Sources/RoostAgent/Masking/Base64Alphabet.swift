/// The two common spellings of base64.
struct Base64Alphabet: Sendable {
    private let digits: [UInt8]

    static let standard = Base64Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    static let url = Base64Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

    private init(_ digits: String) { self.digits = Array(digits.utf8) }

    /// The padded form.
    func encode(_ bytes: [UInt8]) -> [UInt8] {
        var text = certainPart(of: bytes, shiftedBy: 0)
        let rest = bytes.count % 3
        if rest > 0, let last = bytes.last {
            // One byte over: its last two bits and four zeros; two bytes over: the last four bits and two zeros.
            text.append(digits[rest == 1 ? Int(last & 0b11) << 4 : Int(last & 0b1111) << 2])
            text += [UInt8](repeating: UInt8(ascii: "="), count: 3 - rest)
        }
        return text
    }

    /// The digits that do not depend on what stands before and after the bytes.
    ///
    /// - Parameters:
    ///   - bytes: what is encoded as part of something longer.
    ///   - shift: how many bytes stand before it, modulo 3.
    /// - Returns: the digits.
    func certainPart(of bytes: [UInt8], shiftedBy shift: Int) -> [UInt8] {
        let firstBit = shift * 8
        let endBit = firstBit + bytes.count * 8
        let firstDigit = (firstBit + 5) / 6
        let endDigit = endBit / 6
        guard firstDigit < endDigit else { return [] }
        return (firstDigit..<endDigit).map { digit in
            var value = 0
            for bit in (digit * 6 - firstBit)..<(digit * 6 + 6 - firstBit) {
                value = value << 1 | Int(bytes[bit / 8] >> UInt8(7 - bit % 8)) & 1
            }
            return digits[value]
        }
    }
}

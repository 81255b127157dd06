/// Reads comma-separated values (RFC 4180); empty lines are passed over.
struct CSVReader {
    private let bytes: [UInt8]
    private var place = 0
    /// The line that was read last, from 1.
    private(set) var line = 0
    private var nextLine = 1

    init(_ text: String) { bytes = Array(text.utf8) }

    /// The fields of the next row; nil at the end.
    mutating func row() throws -> [String]? {
        while place < bytes.count, takeLineEnd() {}
        guard place < bytes.count else { return nil }
        line = nextLine
        var fields = [try field()]
        while place < bytes.count, bytes[place] == UInt8(ascii: ",") {
            place += 1
            fields.append(try field())
        }
        guard place >= bytes.count || takeLineEnd() else { throw fault("extraneous or missing \" in quoted-field") }
        return fields
    }

    private func fault(_ reason: String) -> HCLFunctionFault {
        HCLFunctionFault("CSV parse error on line \(nextLine): \(reason)", argument: 0)
    }

    private mutating func takeLineEnd() -> Bool {
        if bytes[place] == 0x0D, place + 1 < bytes.count, bytes[place + 1] == 0x0A { place += 1 }
        guard bytes[place] == 0x0A else { return false }
        place += 1
        nextLine += 1
        return true
    }

    private mutating func field() throws -> String {
        guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else { return try bareField() }
        place += 1
        var text: [UInt8] = []
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte == 0x0A { nextLine += 1 }
            if byte != UInt8(ascii: "\"") {
                text.append(byte)
            } else if place < bytes.count, bytes[place] == UInt8(ascii: "\"") {
                text.append(byte)
                place += 1
            } else {
                return String(decoding: text, as: UTF8.self)
            }
        }
        throw fault("extraneous or missing \" in quoted-field")
    }

    private mutating func bareField() throws -> String {
        let start = place
        while place < bytes.count, bytes[place] != UInt8(ascii: ","), bytes[place] != 0x0A {
            if bytes[place] == UInt8(ascii: "\"") { throw fault("bare \" in non-quoted field") }
            if bytes[place] == 0x0D, place + 1 < bytes.count, bytes[place + 1] == 0x0A { break }
            place += 1
        }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }
}

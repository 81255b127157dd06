import Foundation
import RoostLanguage

extension HCLFunctions {
    static let encodings: [String: HCLFunction] = [
        "base64encode": HCLFunction(.init("str", .string), result: .string) { arguments in
            .string(Data(arguments[0].textOrEmpty.utf8).base64EncodedString())
        },
        "base64decode": HCLFunction(.init("str", .string), result: .string) { arguments in
            guard let data = Data(base64Encoded: arguments[0].textOrEmpty) else {
                throw HCLFunctionFault("failed to decode base64 data")
            }
            guard let text = String(data: data, encoding: .utf8) else {
                throw HCLFunctionFault("the result of decoding the provided string is not valid UTF-8")
            }
            return .string(text)
        },
        "textencodebase64": HCLFunction(.init("string", .string), .init("encoding", .string), result: .string) {
            arguments in
            let encoding = try encoding(arguments[1].textOrEmpty)
            guard let data = arguments[0].textOrEmpty.data(using: encoding) else {
                throw HCLFunctionFault(
                    "the given string contains characters that cannot be represented in \(arguments[1].textOrEmpty)",
                    argument: 0
                )
            }
            return .string(data.base64EncodedString())
        },
        "textdecodebase64": HCLFunction(.init("source", .string), .init("encoding", .string), result: .string) {
            arguments in
            let encoding = try encoding(arguments[1].textOrEmpty)
            guard let data = Data(base64Encoded: arguments[0].textOrEmpty) else {
                throw HCLFunctionFault("the given value is has an invalid base64 symbol", argument: 0)
            }
            guard let text = String(data: data, encoding: encoding) else {
                throw HCLFunctionFault(
                    "the given string contains symbols that are not defined for \(arguments[1].textOrEmpty)",
                    argument: 0
                )
            }
            return .string(text)
        },
        "urlencode": HCLFunction(.init("str", .string), result: .string) { .string(urlEncoded($0[0].textOrEmpty)) },
        "jsonencode": HCLFunction(.nullable("val", .dynamic), result: .string) { .string($0[0].json) },
        "jsondecode": HCLFunction(.init("str", .string)) { try decodeJSON($0[0].textOrEmpty) },
        "csvdecode": HCLFunction(.init("str", .string)) { try decodeCSV($0[0].textOrEmpty) },
        "yamlencode": HCLFunction(.nullable("value", .dynamic), result: .string) {
            .string(YAMLWriter.text(of: $0[0]))
        },
        "yamldecode": HCLFunction(.init("src", .string)) { try YAMLReader.value(of: $0[0].textOrEmpty) },
    ]

    private static func encoding(_ name: String) throws -> String.Encoding {
        let known: [String: String.Encoding] = [
            "utf-8": .utf8, "utf8": .utf8, "us-ascii": .ascii, "ascii": .ascii, "iso-8859-1": .isoLatin1,
            "latin1": .isoLatin1,
            "iso-8859-2": .isoLatin2, "windows-1250": .windowsCP1250, "windows-1251": .windowsCP1251,
            "windows-1252": .windowsCP1252, "windows-1253": .windowsCP1253, "windows-1254": .windowsCP1254,
            "utf-16": .utf16, "utf-16le": .utf16LittleEndian, "utf-16be": .utf16BigEndian, "utf-32": .utf32,
            "utf-32le": .utf32LittleEndian, "utf-32be": .utf32BigEndian, "shift_jis": .shiftJIS, "euc-jp": .japaneseEUC,
            "iso-2022-jp": .iso2022JP, "macintosh": .macOSRoman,
        ]
        guard let encoding = known[name.lowercased()] else {
            throw HCLFunctionFault("\"\(name)\" is not a supported IANA encoding name or alias", argument: 1)
        }
        return encoding
    }

    /// As in queries: a blank becomes a plus sign.
    private static func urlEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                String(Unicode.Scalar(byte))
            case 0x20: "+"
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }

    private static func decodeJSON(_ text: String) throws -> HCLValue {
        let document = HCLJSONReader.read(Array(text.utf8), name: "JSON")
        if let problem = document.diagnostics.first {
            let place = problem.span.map { " at line \($0.start.line), column \($0.start.column)" } ?? ""
            throw HCLFunctionFault("invalid JSON\(place): \(problem.detail ?? problem.summary)", argument: 0)
        }
        return document.root.plainValue
    }

    // MARK: CSV

    private static func decodeCSV(_ text: String) throws -> HCLValue {
        var reader = CSVReader(text)
        guard let header = try reader.row() else { throw HCLFunctionFault("missing header line", argument: 0) }
        if let twice = Dictionary(grouping: header, by: \.self).first(where: { $0.value.count > 1 })?.key {
            throw HCLFunctionFault("duplicate column name \"\(twice)\"", argument: 0)
        }
        let type = HCLType.object(
            Dictionary(uniqueKeysWithValues: Set(header.map(normalForm)).map { ($0, HCLType.string) })
        )
        var rows: [HCLValue] = []
        while let row = try reader.row() {
            guard row.count == header.count else {
                throw HCLFunctionFault("CSV parse error on line \(reader.line): wrong number of fields", argument: 0)
            }
            rows.append(.object(Dictionary(zip(header.map(normalForm), row.map { .string($0) })) { first, _ in first }))
        }
        return .list(rows, of: type)
    }
}

extension HCLJSONNode {
    /// The value as it stands; texts are no templates.
    var plainValue: HCLValue {
        switch form {
        case .null: .null()
        case .bool(let value): .bool(value)
        case .number(let number): .number(number)
        case .string(let text, _): .string(text)
        case .array(let elements): .tuple(elements.map(\.plainValue))
        case .object(let properties): .object(Dictionary(properties.map { ($0.name, $0.value.plainValue) }) { $1 })
        }
    }
}

import Foundation

/// A pattern of paths: `*` and `?` within a name, `**` over folders, `[a-z]`, `{one,other}`.
struct FilePattern {
    private static let limit = 100_000
    private let pattern: Pattern

    init(_ text: String) throws {
        var (result, braces) = ("^", 0)
        let scalars = Array(text.unicodeScalars)
        var place = 0
        while place < scalars.count {
            let scalar = scalars[place]
            place += 1
            switch scalar {
            case "*" where place < scalars.count && scalars[place] == "*":
                place += 1
                // Also over no folder at all.
                if place < scalars.count, scalars[place] == "/" {
                    place += 1
                    result += "(?:.*/)?"
                } else {
                    result += ".*"
                }
            case "*": result += "[^/]*"
            case "?": result += "[^/]"
            case "{":
                braces += 1
                result += "(?:"
            case "}" where braces > 0:
                braces -= 1
                result += ")"
            case "," where braces > 0: result += "|"
            case "[":
                let end = scalars[place...].firstIndex(of: "]") ?? scalars.count
                let inner = String(String.UnicodeScalarView(scalars[place..<end])).replacing("\\", with: "\\\\")
                result += "[" + (inner.hasPrefix("!") ? "^" + inner.dropFirst() : inner) + "]"
                place = min(end + 1, scalars.count)
            case "\\" where place < scalars.count:
                result += Self.literal(scalars[place])
                place += 1
            default: result += Self.literal(scalar)
            }
        }
        do { pattern = try Pattern(result + "$") } catch {
            throw HCLFunctionFault("failed to glob pattern: \(error)", argument: 1)
        }
    }

    private static func literal(_ scalar: Unicode.Scalar) -> String {
        scalar.isASCII && !scalar.properties.isAlphabetic && !("0"..."9").contains(scalar) && scalar != "_"
            && scalar != " "
            ? "\\\(scalar)" : String(scalar)
    }

    func matches(_ path: String) -> Bool {
        pattern.firstMatch(in: Array(path.unicodeScalars), from: 0) != nil
    }

    /// Files below a folder, by their paths in it.
    func files(in folder: String) throws -> [String] {
        guard let all = FileManager.default.enumerator(atPath: folder) else { return [] }
        var (names, count): ([String], Int) = ([], 0)
        while let name = all.nextObject() as? String {
            count += 1
            guard count <= Self.limit else {
                throw HCLFunctionFault("\(folder) holds more than \(Self.limit) files", argument: 0)
            }
            guard matches(name), all.fileAttributes?[.type] as? FileAttributeType == .typeRegular else { continue }
            names.append(name)
        }
        return names
    }
}
